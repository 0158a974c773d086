import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultTimings } from '../../src/config/timings.js';
import { healthRoutes } from '../../src/ops/health/routes.js';
import { workerRoles } from '../../src/config/setting-rules.js';
import { createMetrics } from '../../src/observability/metrics.js';
import { manifest, readKeys, readManifests, readText, readYaml, root } from './files.js';

const deployments = { api: manifest('api.yaml', 'Deployment'), worker: manifest('worker.yaml', 'Deployment') };
const each = Object.entries(deployments).map(([name, deployment]) => [name, deployment.spec] as const);
const podOf = (name: 'api' | 'worker') => deployments[name].spec.template.spec;
const config = readKeys(readText('deploy/kubernetes/config.env'));
const { shutdown, temporal } = defaultTimings;

describe('deploy/kubernetes', () => {
  it('probes what is a route: start-up by /readyz, life and readiness by /healthz', () => {
    const routes = healthRoutes({
      probes: [],
      metrics: createMetrics(),
      metricsToken: undefined,
      timings: defaultTimings,
    });
    const paths = routes.map((route) => route.path);
    const [container] = podOf('api').containers;
    const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
    expect(probes.map(({ httpGet }) => httpGet.path)).toEqual(['/readyz', '/healthz', '/healthz']);
    for (const { httpGet } of probes) {
      expect(paths).toContain(httpGet.path);
      expect(container.ports.map((port: { name: string }) => port.name)).toContain(httpGet.port);
    }
    for (const { podMetricsEndpoints } of readManifests('monitoring/pod-monitors.yaml').map(({ spec }) => spec)) {
      expect(paths).toContain(podMetricsEndpoints[0].path);
    }
  });

  it('waits at a start for as long as the worker itself waits for Temporal', () => {
    const [{ startupProbe }] = podOf('worker').containers;
    const givesUpAfterMs = startupProbe.periodSeconds * startupProbe.failureThreshold * 1000;
    expect(givesUpAfterMs).toBeGreaterThan(temporal.connectForMs);
  });

  it('gives processes longer to end than they take', () => {
    const [api] = podOf('api').containers;
    const [, preStop] = api.lifecycle.preStop.exec.command;
    const apiMs = Number(preStop) * 1000 + shutdown.requestsMs + temporal.callTimeoutMs;
    expect(podOf('api').terminationGracePeriodSeconds * 1000).toBeGreaterThan(apiMs);
    const workerMs = shutdown.activitiesForceMs + temporal.callTimeoutMs;
    expect(podOf('worker').terminationGracePeriodSeconds * 1000).toBeGreaterThan(workerMs);
  });

  it.each(each)('rolls the %s without a moment of fewer', (name, spec) => {
    expect(spec.strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    const [budget] = readManifests(`${name}.yaml`).filter(({ kind }) => kind === 'PodDisruptionBudget');
    expect(budget.spec).toEqual({ maxUnavailable: 1, selector: { matchLabels: spec.selector.matchLabels } });
    expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels);
    expect(spec.template.spec.topologySpreadConstraints).toHaveLength(2);
  });

  it.each(each)('lets the %s do nothing that it needs not', (_, { template }) => {
    const { spec } = template;
    expect(spec.automountServiceAccountToken).toBe(false);
    expect(spec.enableServiceLinks).toBe(false);
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(readText('Dockerfile')).toContain(
      `USER ${spec.securityContext.runAsUser}:${spec.securityContext.runAsGroup}`,
    );
    const [container, ...others] = spec.containers;
    expect(others).toEqual([]);
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(Object.keys(container.resources.limits)).toEqual(expect.arrayContaining(['cpu', 'memory']));
    expect(container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath)).toEqual([
      '/tmp',
      '/etc/drawbridge/temporal',
    ]);
    expect(container.envFrom).toEqual([
      { configMapRef: { name: 'drawbridge' } },
      { secretRef: { name: 'drawbridge' } },
    ]);
  });

  it('listens where its ports say', () => {
    const [, port] = /PORT=(\d+)/.exec(readText('Dockerfile')) ?? [];
    const portsOf = (name: 'api' | 'worker') =>
      podOf(name).containers[0].ports.map(({ containerPort }: { containerPort: number }) => containerPort);
    expect(portsOf('api')).toEqual([Number(port)]);
    expect(config.WORKER_METRICS_ADDRESS).toBe(`0.0.0.0:${portsOf('worker')[0]}`);
    const opened = readManifests('network-policy.yaml')[0].spec.ingress[0].ports.map(
      ({ port: one }: { port: number }) => one,
    );
    expect(opened).toEqual([...portsOf('api'), ...portsOf('worker')]);
    const ingress = manifest('ingress/ingress.yaml', 'Ingress').spec;
    expect(`https://${ingress.rules[0].host}`).toBe(config.PUBLIC_URL);
    expect(ingress.rules[0].http.paths[0].backend.service.name).toBe(manifest('api.yaml', 'Service').metadata.name);
  });

  it('splits the workers by roles, so that each is had once and nothing else differs', () => {
    const urgent = manifest('roles/worker-urgent.yaml', 'Deployment');
    const { kind, patches } = readYaml('deploy/kubernetes/roles/kustomization.yaml');
    const [{ env, ...container }] = urgent.spec.template.spec.containers;
    const [added] = JSON.parse(patches[0].patch as string) as { value: { name: string; value: string }[] }[];
    expect(kind).toBe('Component');
    expect(
      [...env, ...(added?.value ?? [])].flatMap(({ value }: { value: string }) => value.split(',')).sort(),
    ).toEqual([...workerRoles].sort());
    expect([container]).toEqual(podOf('worker').containers);
    const others = ({
      containers: _containers,
      topologySpreadConstraints: _spread,
      ...rest
    }: Record<string, unknown>) => rest;
    expect(others(urgent.spec.template.spec)).toEqual(others(podOf('worker')));
    expect(urgent.spec.template.metadata.labels).toEqual(urgent.spec.selector.matchLabels);
    expect(urgent.spec.selector.matchLabels).not.toEqual(deployments.worker.spec.selector.matchLabels);
  });

  it('scales by metrics that there are, and to no more workers than there are pumps', () => {
    const scaled = manifest('autoscaling/scaled-object.yaml', 'ScaledObject').spec;
    expect(scaled.scaleTargetRef.name).toBe(deployments.worker.metadata.name);
    expect(scaled.maxReplicaCount).toBeLessThanOrEqual(Number(config.DELIVERY_PUMPS));
    expect(scaled.minReplicaCount).toBe(deployments.worker.spec.replicas);
    const queries = scaled.triggers.map(({ metadata }: { metadata: { query: string } }) => metadata.query).join('\n');
    const ours = [...new Set([...queries.matchAll(/drawbridge_\w+/g)].map(([name]) => name))];
    const sources = sourcesBelow('src');
    expect(ours).toEqual(['drawbridge_oldest_due_seconds']);
    for (const name of ours) expect(sources).toContain(`'${name}'`);
    // The SDK's: seconds, with the unit behind the name (src/temporal/runtime.ts).
    for (const kind of ['workflow_task', 'activity']) {
      expect(queries).toContain(`temporal_${kind}_schedule_to_start_latency_seconds_bucket`);
    }
    expect(readText('src/temporal/runtime.ts')).toMatch(/useSecondsForDurations: true, unitSuffix: true/);
    const namespace = readYaml('deploy/kubernetes/kustomization.yaml').namespace;
    const jobs = [...queries.matchAll(/job="([^"]+)"/g)].map(([, job]) => job);
    const monitors = readManifests('monitoring/pod-monitors.yaml').map(
      ({ metadata }) => `${namespace}/${metadata.name}`,
    );
    expect(monitors).toEqual(expect.arrayContaining(jobs));
  });
});

const sourcesBelow = (folder: string) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(path.join(root, folder, file), 'utf8'))
    .join('\n');
