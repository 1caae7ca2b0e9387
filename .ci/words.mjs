// Words that read as translated are kept out of prose: the Markdown files, comments, test names, and every text of the
// sources that users read (string literals and templates with a blank in them). Names, keys, imports and `code` are left
// alone.
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
  [/\btakes? note\b/i, 'acknowledges'],
  [/\bfits this\b/i, 'matches'],
  [/\bwho(?:so)?ever\b/i, 'anybody who, or name the person'],
  [/\bwhom(?:ever)?\b/i, 'name the person'],
  [/\bto be had\b/i, 'available'],
  [/\bhear(?:s|d)? of\b/i, 'notices or receives'],
  [/\bsay(?:s|ing)? nothing of\b/i, 'is no evidence, or says nothing about'],
  [/\bhaste\b/i, 'soon'],
  [/\b(?:what|that) (?:is|was) so\b|\bstill so\b/i, 'still holds'],
  [/\bstands? (?:in(?! for)|at|beside|behind|there)\b/i, 'is in, or is listed'],
   [/\b(?:it|that) is none\b(?! of)/i, 'is not one'],
  [/\banew\b/i, 'again'],
  [/\btroubles\b/i, 'problems'],
  [/\bcall(?:s|ed)? nobody\b/i, 'pings nobody'],
  [/\bstrangers’? texts?\b|\btexts? of (?:a )?strangers?\b/i, 'untrusted text'],
  [/\bas it was agreed\b/i, 'as agreed'],
  [/\bbe reckoned\b|\breckons?\b/i, 'compute'],
];

/** Whether it is the name of a test. */
const isName = ({ parent }, source) =>
  ts.isCallExpression(parent) && /^(?:describe|it|test)\b/.test(parent.expression.getText(source));

/** Every comment, test name and (in sources) text with a blank in it, and its line. */
function proseOf(file) {
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const isSource = !/^(?:test|\.ci)\//.test(file);
  const prose = [];
  const add = (position, found) => {
    const first = source.getLineAndCharacterOfPosition(position).line + 1;
    found.split('\n').forEach((line, index) => {
      prose.push({ text: line, line: first + index });
    });
  };
  // Literals are blanked before comments are searched: `//` in a literal begins none.
  const code = [];
  let last = 0;
  const visit = (node) => {
    const isPart = ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
    const isText = ts.isStringLiteralLike(node);
    if (isPart || isText || ts.isRegularExpressionLiteral(node)) {
      const [start, end] = [node.getStart(source), node.getEnd()];
      code.push(text.slice(last, start), ' '.repeat(end - start));
      last = end;
      const isRead = isSource ? isPart || isText : isText && isName(node, source);
      if (isRead && /\s/.test(node.text) && !ts.isImportDeclaration(node.parent)) add(start, node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  code.push(text.slice(last));
  for (const { index, 0: comment } of code.join('').matchAll(/\/\/.*|\/\*[\s\S]*?\*\//g)) {
    add(index, text.slice(index, index + comment.length));
  }
  return prose;
}

function linesOf(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.map((text, index) => ({ text, line: index + 1 }));
}

const FOLDERS = ['src', 'adapters', 'test', '.ci', '*.md'];
const given = process.argv.slice(2);
const tracked = execFileSync('git', ['ls-files', ...FOLDERS], { encoding: 'utf8' }).split('\n');
const found = [];
for (const file of given.length > 0 ? given : tracked) {
  if (file === '.ci/words.mjs' || /^test\/fixtures\//.test(file)) continue;
  const prose = /\.(?:ts|mjs|cjs)$/.test(file) ? proseOf(file) : file.endsWith('.md') ? linesOf(file) : [];
  for (const { text, line } of prose) {
    const plain = text.replace(/`[^`]*`/g, '``');
    for (const [word, instead] of WORDS) {
      if (word.test(plain)) found.push(`${file}:${line}: “${word.exec(plain)[0]}”: write ${instead}`);
    }
  }
}
for (const line of found) console.log(line);
process.exitCode = found.length > 0 ? 1 : 0;
