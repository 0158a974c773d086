import { rmSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../paths.js';
import { standInRefused } from '../stack/stand-in.js';
import { cargoReader } from './build-output.js';
import { download } from './download.js';
import { inCache, onPath, putIntoCache, withWorkFolder } from './programs.js';
import { run } from './run.js';
import type { Step, StepContext } from './steps.js';
import { askVersion, mongodProblem } from './version.js';

/** `secantus` is secantusd-rs, which speaks MongoDB's protocol over WiredTiger. */
export interface MongoBinary {
  kind: 'mongod' | 'secantus';
  path: string;
}

const secantusVersion = '0.5.3-beta.196';
const secantusLabel = `secantus-${secantusVersion}`;
const secantusName = 'secantusd-rs';
const downloadedLabel = 'mongod';

/** In this order. The quick ones look only; the slow ones fetch, into the cache. */
export const mongoSteps: { what: string; quick: Step<MongoBinary>[]; slow: Step<MongoBinary>[]; waysOut: string[] } = {
  what: 'MongoDB',
  quick: [
    { name: 'mongod on PATH', run: ({ env }) => checked(onPath('mongod', env)) },
    {
      name: 'the cache',
      run: ({ env, cache }) => {
        const mongod = inCache(cache, downloadedLabel, 'mongod');
        if (mongod) return Promise.resolve({ kind: 'mongod', path: mongod });
        const secantus = inCache(cache, secantusLabel, secantusName);
        if (!secantus || env.NODE_ENV === 'production') return Promise.resolve(undefined);
        return Promise.resolve({ kind: 'secantus', path: secantus });
      },
    },
  ],
  slow: [
    {
      name: "mongodb-memory-server's download",
      run: async ({ env, cache, progress, signal }) => {
        const step = progress.begin('MongoDB', 'downloading');
        try {
          return await withWorkFolder(cache, downloadedLabel, async (folder) => {
            const program = await download({
              script: 'dev/binaries/fetch-mongod.mjs',
              folder,
              env: { ...env, ...downloadSettings },
              signal,
              step,
            });
            await checked(program);
            return { kind: 'mongod', path: putIntoCache(program, cache, downloadedLabel, 'mongod') };
          });
        } finally {
          step.end();
        }
      },
    },
    { name: `cargo install (secantusd-rs ${secantusVersion}, 3 to 6 minutes)`, run: buildSecantus },
  ],
  waysOut: [
    'install MongoDB, so that `mongod` is on PATH',
    'install Rust and a C compiler, so that npm start can build a stand-in for it with cargo',
    '`docker compose up -d`, or any MongoDB replica set, and its URI in MONGODB_URI',
  ],
};

/**
 * The crate's own profile optimizes all of its 200 crates with link-time optimization, which takes most of the build. Here
 * only the crates that every command passes through are optimized, each as one unit, so the server is as fast as before.
 */
const quickBuild = {
  CARGO_PROFILE_RELEASE_LTO: 'off',
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
  CARGO_PROFILE_RELEASE_OPT_LEVEL: '0',
  CARGO_PROFILE_RELEASE_STRIP: 'symbols',
} as const;
const hotCrates = [
  'bson',
  'secantus-commands',
  'secantus-core',
  'secantus-server',
  'secantus-storage',
  'secantus-storage-adapter',
  'secantus-wire',
  'secantus-wt',
];
const hotLibraries = [
  'foldhash',
  'hashbrown',
  'indexmap',
  'libmimalloc-sys',
  'memchr',
  'mimalloc',
  'secantus-mdb',
  'serde',
  'serde_bytes',
  'serde_core',
];
const crateSettings = [
  ...[...hotCrates, ...hotLibraries].map((crate) => `${crate}.opt-level=2`),
  ...hotCrates.map((crate) => `${crate}.codegen-units=1`),
];
const wiredTigerToolchain = 'dev/binaries/wiredtiger-toolchain.cmake';

async function buildSecantus({ env, cache, progress, signal }: StepContext): Promise<MongoBinary> {
  if (env.NODE_ENV === 'production') throw new Error(standInRefused);
  const cargo = onPath('cargo', env);
  if (!cargo) throw new Error('there is no cargo on PATH');
  progress.line(
    `MongoDB: building a stand-in, secantusd-rs ${secantusVersion}, with cargo install; this takes 3 to 6 minutes, once.`,
  );
  // Outside of the folder that is always removed: what an interrupted build has compiled is there for the next one.
  const target = path.join(cache, 'work', `${secantusLabel}-target`);
  const step = progress.begin('MongoDB', 'cargo install');
  try {
    return await withWorkFolder(cache, secantusLabel, async (folder) => {
      const read = cargoReader();
      await run({
        command: cargo,
        args: [
          ...['install', 'secantus-mdb', '--version', `=${secantusVersion}`, '--ignore-rust-version', '--locked'],
          ...['--root', folder],
          ...crateSettings.flatMap((setting) => ['--config', `profile.release.package.${setting}`]),
        ],
        env: {
          ...env,
          ...quickBuild,
          CMAKE_TOOLCHAIN_FILE: path.join(projectRoot(), wiredTigerToolchain),
          CARGO_TARGET_DIR: target,
          CARGO_TERM_PROGRESS_WHEN: 'always',
          CARGO_TERM_PROGRESS_WIDTH: '100',
          CARGO_TERM_COLOR: 'never',
        },
        cwd: folder,
        signal,
        onLine: (line) => {
          const state = read(line);
          if (state) step.update(state);
        },
      });
      const program = putIntoCache(path.join(folder, 'bin', secantusName), cache, secantusLabel, secantusName);
      rmSync(target, { recursive: true, force: true });
      return { kind: 'secantus', path: program };
    });
  } finally {
    step.end();
  }
}

// Its default does not verify the server's certificate, and then runs what it got.
const downloadSettings = {
  npm_config_strict_ssl: 'true',
  MONGOMS_MD5_CHECK: 'true',
  MONGOMS_PREFER_GLOBAL_PATH: 'false',
  MONGOMS_MAX_RETRIES: '1',
};

async function checked(program: string | undefined): Promise<MongoBinary | undefined> {
  if (program === undefined) return undefined;
  const problem = mongodProblem(await askVersion(program));
  if (problem) throw new Error(`${program} ${problem}`);
  return { kind: 'mongod', path: program };
}
