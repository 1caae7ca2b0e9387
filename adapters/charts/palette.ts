/**
 * Okabe and Ito's colours, which people with any kind of colour blindness tell apart
 * (https://jfly.uni-koeln.de/color/), darkened or lightened until they stand out from their ground by 3:1.
 */
export type Theme = 'light' | 'dark';

export type Palette = { ground: string; text: string; faint: string; line: string; series: readonly string[] };

export const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: {
    ...{ ground: '#ffffff', text: '#1b1f24', faint: '#57606a', line: '#d0d7de' },
    series: ['#0072b2', '#c04a00', '#00805f', '#a8447f', '#946200', '#1c7fb8', '#57606a'],
  },
  dark: {
    ...{ ground: '#15191e', text: '#eef2f6', faint: '#a9b4c0', line: '#3a434d' },
    series: ['#56b4e9', '#e69f00', '#2cc49b', '#e18fc0', '#f0e442', '#8fd0ff', '#a9b4c0'],
  },
};
