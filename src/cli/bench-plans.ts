import { type PlanRow, planRow, plansText } from '../../bench/plans.ts';
import { openNodeGpu } from '../gpu/node/adapters.ts';
import { CliError, Exit } from './exit.ts';
import { experimentNames, loadExperiment } from './load.ts';
import { expectedOf } from './plan.ts';

/** `collapse bench --plans`: the plans of experiments beside what a few of their trials take. Exit 1 where work is not counted alike. */
export async function plansCommand(names: readonly string[], json: boolean): Promise<Exit> {
  const { gpu, reason } = await openNodeGpu();
  if (!gpu) throw new CliError(Exit.noDevice, `--plans: ${reason}`);
  const rows: PlanRow[] = [];
  try {
    for (const name of names.length > 0 ? names : experimentNames()) {
      const experiment = await loadExperiment(name);
      rows.push(
        await planRow(
          experiment,
          gpu,
          (cost, trials) => expectedOf(cost, trials, gpu.adapter).seconds,
          processorSeconds,
        ),
      );
      process.stderr.write(`${name}\n`);
    }
  } finally {
    gpu.close();
  }
  process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : plansText(rows));
  return rows.every(({ work }) => Math.abs(work - 1) < 0.005) ? Exit.ok : Exit.checkFailed;
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
