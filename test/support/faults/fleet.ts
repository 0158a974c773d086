import type { ApiProcess, Process, ProductProcesses } from '../product-processes.js';

export interface Fleet {
  readonly size: number;
  /** An API, running or not; calls of one that was just killed get no answer. */
  api(index: number): ApiProcess;
  /** `kill -9` from outside, and another one in its place after a while. */
  replace(kind: 'api' | 'worker', index: number, afterMs: number): Promise<void>;
}

/** Several APIs and workers of one product, each of which may be killed at any time. */
export async function startFleet(product: ProductProcesses, size: number): Promise<Fleet> {
  const each = Array.from({ length: size });
  const [apis, workers]: [ApiProcess[], Process[]] = await Promise.all([
    Promise.all(each.map(() => product.startApi())),
    Promise.all(each.map(() => product.startWorker())),
  ]);
  const at = <T>(all: T[], index: number): T => {
    const one = all[index % size];
    if (one === undefined) throw new Error(`There is no number ${index}.`);
    return one;
  };
  return {
    size,
    api: (index) => at(apis, index),
    async replace(kind, index, afterMs) {
      const former = at<Process>(kind === 'api' ? apis : workers, index);
      await former.kill();
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      if (kind === 'worker') workers[index % size] = await product.startWorker();
      else apis[index % size] = await product.startApi({ port: Number(new URL(at(apis, index).url).port) });
    },
  };
}
