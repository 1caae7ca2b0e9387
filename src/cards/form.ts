/** A modal form, platform-neutral. It is another way to type a command: `fields` become its options. */
export type Form = {
  /** Encoded by the adapter into the modal; what happens on submit. */
  target: { type: 'command'; path: readonly string[] } | { type: 'action'; actionId: string };
  title: string;
  submit: string;
  fields: readonly FormField[];
};

export type FormField = {
  name: string;
  label: string;
  hint?: string;
  kind: 'text' | 'long-text' | 'select' | 'channel' | 'person' | 'number' | 'boolean' | 'files';
  required: boolean;
  choices?: readonly { value: string; label: string }[];
  initial?: string;
  /** Shown on request: most people never need it. */
  advanced?: true;
  /** The option that is most often left empty: the first to be dropped when a form has no room for all fields. */
  spare?: true;
};
