/** A modal form, platform-neutral. It is another way to type a command: `fields` become its options. */
export type Form = {
  /** Encoded by the adapter into the modal; what is done on submit. */
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
  /** Shown when it is asked for: most people never need it. */
  advanced?: true;
};
