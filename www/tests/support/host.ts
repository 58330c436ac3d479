import { execFileSync } from 'node:child_process';

/** The password of every account on the host. */
export const PASSWORD = 'correct horse';

/** The host of the service's, whose first process this is: `cargo xtask test` makes it. */
const HOST = process.env['KEYFOB_HOST'] ?? '';

export const ADDRESS = process.env['KEYFOB_ADDRESS'] ?? '';

/** Runs a program on the service's host as root; it has to succeed. */
export function onHost(words: readonly string[], input = ''): string {
  if (HOST === '' || ADDRESS === '') throw new Error('these tests need the service: run `cargo xtask test`');
  const entering = [`--target=${HOST}`, '--mount', '--net', `--pid=/proc/${HOST}/ns/pid_for_children`, '--'];
  return execFileSync('nsenter', [...entering, ...words], { input, encoding: 'utf8' });
}

/** Whether su lets an account become another one that types this. */
export function becomes(from: string, to: string, typed: string): boolean {
  const ids = [`--reuid=${from}`, `--regid=${from}`, '--init-groups', '--reset-env'];
  const su = onHost(['sh', '-c', '"$@" 2> /dev/null || true', 'sh', 'setpriv', ...ids, 'su', to, '-c', 'id -un'], typed);
  return su.trimEnd().split('\n').at(-1) === to;
}

export interface TokenOptions {
  readonly type?: 'TOTP' | 'HOTP';
  readonly period?: number;
  readonly digits?: number;
  /** Seconds that the token's clock is ahead. */
  readonly ahead?: number;
}

/** A key fob, with codes from oathtool, an implementation of its own. */
export class Token {
  readonly serial: string;
  #options: Required<TokenOptions>;
  readonly #key: string;
  /** What it has shown. */
  #pressed = 0;

  constructor(serial: string, options: TokenOptions = {}) {
    this.serial = serial;
    this.#options = { type: 'HOTP', period: 30, digits: 6, ahead: 0, ...options };
    this.#key = Buffer.from(serial.repeat(20).slice(0, 20)).toString('hex');
  }

  /** The next code: of the next press, or of the step that is `steps` from now. */
  code(steps = 0): string {
    return this.#codeAt(Date.now(), steps);
  }

  /** Two codes in a row, the first of the step that is `steps` from now, whatever time passes while they are computed. */
  pair(steps = -1): readonly [string, string] {
    const now = Date.now();
    return [this.#codeAt(now, steps), this.#codeAt(now, steps + 1)];
  }

  #codeAt(now: number, steps: number): string {
    const { type, digits } = this.#options;
    const options = type === 'HOTP' ? ['--hotp', `--counter=${this.#pressed}`] : this.#time(now, steps);
    if (type === 'HOTP') this.#pressed += 1;
    return execFileSync('oathtool', [...options, `--digits=${digits}`, this.#key], { encoding: 'utf8' }).trim();
  }

  /** Somebody plays with the button. */
  press(times: number): void {
    this.#pressed += times;
  }

  /** Its clock runs ahead by so many seconds more. */
  shift(seconds: number): void {
    this.#options = { ...this.#options, ahead: this.#options.ahead + seconds };
  }

  /** Its line of a seed file. */
  get seed(): string {
    const { type, period, digits } = this.#options;
    return `${this.serial},${this.#key},${type},${digits},${type === 'TOTP' ? `${period},` : ',0'},Feitian,c200`;
  }

  #time(now: number, steps: number): string[] {
    const { period, ahead } = this.#options;
    const at = Math.floor(now / 1000) + ahead + steps * period;
    return ['--totp', `--time-step-size=${period}s`, `--now=@${at}`];
  }
}

let last = 0;

/** A name that no other test has, and that stands in no other such name. */
function unique(prefix: string): string {
  last += 1;
  return `${prefix}${process.pid.toString(36)}x${String(last).padStart(4, '0')}`;
}

/** A new token that nobody has. */
export function newToken(options: TokenOptions = {}, serial = unique('T').toUpperCase()): Token {
  const token = new Token(serial, options);
  const file = `/root/${token.serial}.csv`;
  onHost(['sh', '-c', 'umask 077; cat > "$1"', 'sh', file], `serial,secret,type,digits,period,counter,manufacturer,model\n${token.seed}\n`);
  onHost(['keyfob', 'device', 'import', file]);
  return token;
}

/** A new account. */
export function newAccount(...groups: readonly string[]): string {
  return newNamedAccount(unique('p'), ...groups);
}

/** A new account of this name. */
export function newNamedAccount(name: string, ...groups: readonly string[]): string {
  onHost(['useradd', '--create-home', ...(groups.length > 0 ? ['--groups', groups.join(',')] : []), name]);
  onHost(['chpasswd'], `${name}:${PASSWORD}\n`);
  return name;
}

/** Writes an account into its files while no tool of the system does: they wait for the same lock (lckpwdf(3)). */
const WRITE_ACCOUNT = `
import fcntl, sys
name = sys.argv[1]
with open("/etc/.pwd.lock", "w") as lock:
    fcntl.lockf(lock, fcntl.LOCK_EX)
    with open("/etc/passwd") as accounts:
        uid = 1 + max(uid for uid in (int(line.split(":")[2]) for line in accounts) if uid < 60000)
    with open("/etc/shadow") as passwords:
        password = next(line.split(":")[1] for line in passwords if line.startswith("alice:"))
    with open("/etc/passwd", "a") as accounts:
        accounts.write(f"{name}:x:{uid}:{uid}::/tmp:/bin/bash\\n")
    with open("/etc/shadow", "a") as passwords:
        passwords.write(f"{name}:{password}:20000::::::\\n")`;

/** A new account whose name no tool of the system would make, in its files, as a directory may have it. */
export function newForeignAccount(name: string): string {
  onHost(['python3', '-X', 'utf8', '-c', WRITE_ACCOUNT, name]);
  return name;
}

/** Associates a token with an account, on the command line. */
export function enable(user: string, token: Token): void {
  const [code1, code2] = token.pair();
  onHost(['keyfob', 'enable', '--user', user, '--serial', token.serial, '--code1', code1, '--code2', code2]);
}

/** What an authenticator app shows in a row, in the last step and in this one. */
export function appCodes(secret: string): readonly [string, string] {
  const before = Math.floor(Date.now() / 1000) - 30;
  const shown = execFileSync('oathtool', ['--totp', '--base32', '--window=1', `--now=@${before}`, secret], { encoding: 'utf8' });
  const [first = '', second = ''] = shown.trim().split('\n');
  return [first, second];
}
