import { svg } from '../dom';
import { startTokens } from '../keyfob';

/** Modules of white around a QR code (ISO/IEC 18004). */
const MARGIN = 4;

/** A text as a QR code, drawn as SVG nodes; `undefined` where the package can't be loaded. */
export async function qrCode(text: string, description: string): Promise<SVGElement | undefined> {
  const tokens = await startTokens();
  if (!tokens) return undefined;
  const { size, rows } = tokens.qrCode(text);
  const side = size + 2 * MARGIN;
  const dark = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x + MARGIN} ${y + MARGIN}h1v1h-1z`] : [])));
  return svg(
    'svg',
    { class: 'qr-code', viewBox: `0 0 ${side} ${side}`, role: 'img', 'aria-label': description, 'shape-rendering': 'crispEdges' },
    svg('rect', { width: side, height: side, fill: '#ffffff' }),
    svg('path', { d: dark.join(''), fill: '#000000' }),
  );
}
