import jsQR from 'jsqr';

const PIXELS = 4;
const MARGIN = 4;

/** What another library reads off the modules of a QR code. */
export function read(rows) {
  const side = (rows.length + 2 * MARGIN) * PIXELS;
  const image = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      if (isDark(rows, x, y)) image.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  return jsQR(image, side, side)?.data;
}

function isDark(rows, x, y) {
  const [column, row] = [x, y].map((pixel) => Math.floor(pixel / PIXELS) - MARGIN);
  return rows[row]?.[column] ?? false;
}
