// Words that read as translated are kept out of what users read: the README, and every text in the sources that is said
// to somebody (string literals and templates with a blank in them; names, keys and imports are left alone).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import ts from 'typescript';

const WORDS = [
  [/\btold\b/i, 'alerted, reported, posted or announced'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\bnews of\b/i, 'say what changed'],
  [/\bit was none\b/i, 'it was a false alarm'],
  [/\bto begin with\b/i, 'the baseline'],
  [/\bNothing stands after\b/, 'has no value'],
  [/\bnobody that can be told\b/, 'doesn’t identify one person or group'],
  [/\bmay not be done by\b/i, 'say who may'],
  [/\btakes note\b/i, 'acknowledges'],
  [/\bfits this\b/i, 'matches'],
];

/** Every text with a blank in it, and the line where it stands. */
function textsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const texts = [];
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
    if (isText && /\s/.test(node.text)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      texts.push({ text: node.text, line: line + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

const files = process.argv.slice(2);
const tracked = execFileSync('git', ['ls-files', 'src', 'adapters', 'README.md'], { encoding: 'utf8' }).split('\n');
const found = [];
for (const file of files.length > 0 ? files : tracked) {
  const lines = () => readFileSync(file, 'utf8').split('\n').map((text, index) => ({ text, line: index + 1 }));
  const texts = file.endsWith('.ts') ? textsOf(file) : file.endsWith('.md') ? lines() : [];
  for (const { text, line } of texts) {
    for (const [word, instead] of WORDS) {
      if (word.test(text)) found.push(`${file}:${line}: “${word.exec(text)[0]}”: write ${instead}`);
    }
  }
}
for (const line of found) console.log(line);
process.exitCode = found.length > 0 ? 1 : 0;
