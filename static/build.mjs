// Builds static/src into static/dist: bundled, minified, named by content hash, described by manifest.json.
// The same sources give the same bytes, so the committed dist can be checked against a fresh build.
import * as esbuild from 'esbuild';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { icons } from './icons.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
const dist = path.join(here, 'dist');
const target = ['chrome125', 'firefox128', 'safari18'];
const manifest = {};

fs.rmSync(dist, { recursive: true, force: true });
fs.mkdirSync(dist, { recursive: true });

const common = { bundle: true, minify: true, target, outdir: dist, metafile: true, legalComments: 'none', logLevel: 'warning', absWorkingDir: root, entryNames: '[name]-[hash]', chunkNames: 'chunk-[hash]', assetNames: '[name]-[hash]' };

const scripts = await esbuild.build({ ...common, entryPoints: ['static/src/js/app.ts'], format: 'esm', splitting: true });
const theme = await esbuild.build({ ...common, entryPoints: ['static/src/js/theme.ts'], format: 'iife' });
const styles = await esbuild.build({ ...common, entryPoints: ['static/src/css/app.css'], loader: { '.woff2': 'file' }, nodePaths: [path.join(root, 'node_modules')] });
for (const result of [scripts, theme, styles])
  for (const [file, out] of Object.entries(result.metafile.outputs)) {
    if (out.entryPoint) manifest[path.basename(out.entryPoint).replace(/\.ts$/, '.js')] = path.basename(file);
    else if (file.endsWith('.woff2')) manifest[path.basename(file).replace(/-[A-Z0-9]{8}(?=\.woff2$)/, '')] = path.basename(file);
  }

// What the entry point shares with code that is loaded later: pages ask for all of it at once.
const entry = Object.values(scripts.metafile.outputs).find(o => o.entryPoint?.endsWith('/app.ts'));
const shared = entry.imports.filter(i => i.kind === 'import-statement').map(i => path.basename(i.path));
shared.sort().forEach((name, i) => { manifest[`shared-${i + 1}.js`] = name; });

emit('icons.svg', sprite());
emit('favicon.svg', fs.readFileSync(path.join(here, 'src/favicon.svg')));

const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
fs.writeFileSync(path.join(dist, 'manifest.json'), JSON.stringify(sorted, null, 1) + '\n');

/** Writes a file under its content hash and notes it in the manifest. */
function emit(name, data) {
  const { name: base, ext } = path.parse(name);
  const hash = createHash('sha256').update(data).digest('hex').slice(0, 8).toUpperCase();
  manifest[name] = `${base}-${hash}${ext}`;
  fs.writeFileSync(path.join(dist, manifest[name]), data);
}

/** One symbol per icon, from lucide-static. */
function sprite() {
  const symbols = icons.map(name => {
    const svg = fs.readFileSync(path.join(root, 'node_modules/lucide-static/icons', `${name}.svg`), 'utf8');
    const inner = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>')).replace(/\s*\n\s*/g, '');
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`;
}
