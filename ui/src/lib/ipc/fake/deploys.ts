/** Deploys that move by themselves, as the platform's worker and the core's journal would have them. */
import type { Deploy, LogLine, NewInstance } from '../bindings';
import { chance, uuid } from './random';
import { provisioningLog } from './world';

const STAGES = ['installing', 'configuring', 'securing', 'ready'];

export function newDeploy(request: NewInstance, key: string, now: number): Deploy {
  return {
    key, state: 'sent', request: { ...request, idempotency_key: key }, confirmedAt: new Date(now).toISOString(), sentAt: new Date(now).toISOString(),
    settledAt: null, taskId: null, instanceId: null, hostname: null, status: null, provisioningStage: null, bootstrapStage: null,
    bootstrapSeq: null, stages: [], logCount: 0, errorMessage: null, failure: null, typicalSeconds: 110,
  };
}

/** One step further: accepted, then the server, then stage by stage until it is ready. A name with "fail" fails at securing. */
export function advance(deploy: Deploy, now: number): Deploy {
  const at = new Date(now).toISOString();
  if (deploy.state === 'sent') return { ...deploy, state: 'accepted', taskId: deploy.key.slice(0, 8), logCount: 1 };
  if (deploy.state !== 'accepted') return deploy;
  if (!deploy.hostname) return { ...deploy, hostname: `vps-${deploy.key.slice(0, 4)}`, instanceId: uuid(chance(parseInt(deploy.key.slice(0, 6), 16))), status: 'provisioning', provisioningStage: 'creating', logCount: 3 };
  const seq = (deploy.bootstrapSeq ?? 0) + 1;
  const stage = STAGES[seq - 1] ?? 'ready';
  const moved = { ...deploy, bootstrapSeq: seq, bootstrapStage: stage, provisioningStage: stage, stages: [...deploy.stages, { stage, at }], logCount: Math.min(10, 3 + seq * 2) };
  if (stage === 'securing' && /fail/i.test(deploy.request.agent_name ?? '')) {
    return { ...moved, state: 'failed', status: 'failed', settledAt: at, errorMessage: 'securing: certificate could not be issued (timeout after 300 s)' };
  }
  return stage === 'ready' ? { ...moved, state: 'ready', status: 'running', settledAt: at } : moved;
}

export function deployLog(deploy: Deploy): LogLine[] {
  return provisioningLog(deploy.hostname ?? 'worker', deploy.sentAt ?? deploy.confirmedAt, deploy.state === 'failed').slice(0, deploy.logCount);
}

/** Deploys of earlier days, one in every state a person meets. */
export function pastDeploys(now: number): Deploy[] {
  const roll = chance(77);
  const request = (agent_name: string): NewInstance => ({ region_id: 'eu-central', tier_id: '5b0a4c9e-2f57-4d7e-9c62-0b8f9b1c2d11', agent_name, preset_id: 'personal_assistant' });
  const through = (name: string, start: number, steps: number): Deploy => {
    let deploy = newDeploy(request(name), uuid(roll), start);
    for (let step = 0; step < steps; step += 1) deploy = advance(deploy, start + (step + 1) * 16_000);
    return deploy;
  };
  return [
    through('Orchard', now - 66_000, 4),
    { ...newDeploy(request('Second line support'), uuid(roll), now - 400_000), state: 'unknown', failure: { code: { type: 'mayHaveArrived' }, detail: 'connection reset after the request was written' } },
    through('Kiln studio', now - 7_200_000, 6),
    { ...newDeploy(request('Lantern archive'), uuid(roll), now - 90_000_000), state: 'rejected', settledAt: new Date(now - 90_000_000).toISOString(), failure: { code: { type: 'notAllowed', operation: 'create_instance', scope: 'instances:write', message: 'Quota exceeded' }, detail: '403 {"detail":"Quota exceeded"}' } },
  ];
}

/** The request as the core would send it. */
export function preview(baseUrl: string, request: NewInstance): { method: string; url: string; json: string } {
  const json = JSON.stringify(Object.fromEntries(Object.entries(request).filter(([, value]) => value !== null && value !== undefined)), null, 2);
  const url = `${baseUrl}/v1/instances`;
  return { method: 'POST', url, json };
}
