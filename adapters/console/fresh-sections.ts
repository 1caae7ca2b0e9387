import type { Card, Section } from '../../src/cards/card.ts';

/** What an edited card says that it did not say before: whole sections, or just the fields and lines that changed. */
export function freshSections(before: Card, after: Card): Section[] {
  const old = new Set(before.sections.flatMap(partsOf));
  return after.sections.flatMap((section): Section[] => {
    if (section.type === 'fields') {
      const fields = section.fields.filter((field) => !old.has(JSON.stringify(field)));
      return fields.length === 0 ? [] : [{ ...section, fields }];
    }
    if (section.type === 'list') {
      const items = section.items.filter((item) => !old.has(JSON.stringify(item)));
      return items.length === 0 ? [] : [{ type: 'list', items }];
    }
    return old.has(JSON.stringify(section)) ? [] : [section];
  });
}

function partsOf(section: Section): string[] {
  if (section.type === 'fields') return section.fields.map((field) => JSON.stringify(field));
  if (section.type === 'list') return section.items.map((item) => JSON.stringify(item));
  return [JSON.stringify(section)];
}
