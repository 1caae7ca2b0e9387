import type { Card } from '../../cards/card.ts';
import type { HostView } from '../../cards/host.ts';
import { hostChart } from '../../core/report/host-chart.ts';
import type { ReportTheme } from '../../core/report/report.ts';
import type { DrawHost } from '../../ports/draw-report.ts';
import type { Store } from '../../ports/store.ts';

/** More groups would make a picture too large for a phone. */
const MAX_GROUPS = 4;

/** A host's weeks as a picture to accompany the text; undefined if the host was never seen. */
export async function hostPicture(
  { store, drawHost }: { store: Store; drawHost: DrawHost },
  { address, views, now, theme }: { address: string; views: readonly HostView[]; now: number; theme: ReportTheme },
): Promise<Card['attachment']> {
  const known = views.filter(({ state }) => state !== undefined).slice(0, MAX_GROUPS);
  if (known.length === 0) return undefined;
  const charts = await Promise.all(
    known.map(async ({ group }) =>
      hostChart(await store.states.history(group.id, address), { address, group: group.name, now }),
    ),
  );
  const name = `host-${address.replaceAll(':', '-')}-${new Date(now).toISOString().slice(0, 10)}.png`;
  return { name, mimeType: 'image/png', content: await drawHost(charts, theme), when: 'always' };
}
