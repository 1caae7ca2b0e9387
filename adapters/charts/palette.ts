/**
 * Okabe and Ito's colours (https://jfly.uni-koeln.de/color/), moved to a contrast of 3:1 with their background and as
 * far from each other as people with any kind of colour blindness need it. The last one is for what is left over.
 */
export type Theme = 'light' | 'dark';

export type Palette = { ground: string; text: string; faint: string; line: string; series: readonly string[] };

export const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: {
    ...{ ground: '#ffffff', text: '#1b1f24', faint: '#57606a', line: '#d0d7de' },
    series: ['#0d5da8', '#f9630a', '#16a86c', '#811b51', '#4f340b', '#8e91ae'],
  },
  dark: {
    ...{ ground: '#15191e', text: '#eef2f6', faint: '#a9b4c0', line: '#3a434d' },
    series: ['#53b2ff', '#df8412', '#178245', '#af6a96', '#feeb00', '#cbe0f2'],
  },
};
