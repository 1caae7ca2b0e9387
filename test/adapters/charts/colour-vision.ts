type Three = readonly [number, number, number];

/** How eyes without one kind of cone see a colour: Machado, Oliveira and Fernandes 2009, https://doi.org/10.1109/TVCG.2009.113 */
export const EYES = {
  'all three cones': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const satisfies Record<string, readonly [Three, Three, Three]>;

/** From `#0d5da8`, in linear light. */
function linear(colour: string): Three {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return [red ?? 0, green ?? 0, blue ?? 0];
}

const times = (row: Three, [a, b, c]: Three) => row[0] * a + row[1] * b + row[2] * c;

/** https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio */
export function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [a, b].map((one) => times([0.2126, 0.7152, 0.0722], linear(one))).sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** How different two colours look to such eyes: their distance in CIELAB, where 2.3 is just visible. */
export function difference(a: string, b: string, eyes: keyof typeof EYES): number {
  const [one, other] = [a, b].map((colour) => lab(seen(linear(colour), EYES[eyes])));
  return Math.hypot(...[0, 1, 2].map((at) => (one?.[at] ?? 0) - (other?.[at] ?? 0)));
}

function seen(colour: Three, [red, green, blue]: readonly [Three, Three, Three]): Three {
  const bounded = (row: Three) => Math.min(1, Math.max(0, times(row, colour)));
  return [bounded(red), bounded(green), bounded(blue)];
}

function lab(rgb: Three): Three {
  const root = (value: number) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
  const x = root(times([0.4124, 0.3576, 0.1805], rgb) / 0.9505);
  const y = root(times([0.2126, 0.7152, 0.0722], rgb));
  const z = root(times([0.0193, 0.1192, 0.9505], rgb) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
