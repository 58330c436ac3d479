import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('../../', import.meta.url));

/** An empty project into which the tarball was installed; removed after the file's tests. */
export function scratchProject() {
  const packed = tarball();
  const folder = mkdtempSync(join(tmpdir(), 'keyfob-package-'));
  after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', packed], { cwd: folder });
  return new Project(folder);
}

/** What `cargo xtask wasm` has packed. */
export function tarball() {
  const path = process.env.KEYFOB_PACKAGE;
  if (!path) throw new Error('KEYFOB_PACKAGE has to name the tarball that `cargo xtask wasm` has packed');
  return path;
}

/** A program of the tests' own dependencies, with what it has printed where it fails. */
export function runTool(name, args, cwd) {
  try {
    return execFileSync(join(HERE, 'node_modules/.bin', name), args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    throw new Error(`${name} ${args.join(' ')} failed:\n${error.stdout}${error.stderr}`);
  }
}

class Project {
  constructor(folder) {
    this.folder = folder;
  }

  path(name) {
    return join(this.folder, name);
  }

  get packageFolder() {
    return this.path('node_modules/@keyfob/wasm');
  }

  /** Adds the checks, and the scripts and pages that run them. */
  withPages() {
    cpSync(join(HERE, 'checks'), this.path('checks'), { recursive: true });
    cpSync(join(HERE, 'pages'), this.folder, { recursive: true });
    return this;
  }

  /** Adds the files that are compiled, and the types of Node. */
  withTypes() {
    cpSync(join(HERE, 'types'), this.folder, { recursive: true });
    for (const name of ['@types', 'undici-types']) {
      cpSync(join(HERE, 'node_modules', name), this.path(join('node_modules', name)), { recursive: true });
    }
    return this;
  }

  /** What a script prints. */
  node(...args) {
    return execFileSync(process.execPath, args, { cwd: this.folder, encoding: 'utf8' });
  }
}
