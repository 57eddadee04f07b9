import type { Term } from '../experiment/experiment.ts';
import type { CellResult, Results } from '../experiment/results.ts';
import { type Outlook, PLAIN } from '../theory/outlook.ts';
import { type Prediction, predictedTerm } from '../theory/prediction.ts';
import { inconsistencies } from './consistency.ts';
import { partsOf } from './quantity.ts';
import { BAD, type Judgement, judge, type RoundingAllowance } from './verdict.ts';

type At = Readonly<Record<string, number>>;

export interface CellCheck extends Judgement {
  readonly panel: string;
  readonly at: At;
  /** The term that is checked; absent: the test error itself. */
  readonly term?: Term;
  /** What the theory says now, whatever the file says. */
  readonly prediction: Prediction | null;
  /** Why a cell is not judged, or not by its mean, where that takes a sentence. */
  readonly reason: string | null;
  /** Ways in which the numbers of the cell contradict each other or the theory, in words. */
  readonly inconsistencies: readonly string[];
}

export interface CheckReport {
  /** False if any cell disagrees, contradicts itself, or has lost most of its trials. */
  readonly ok: boolean;
  readonly cells: readonly CellCheck[];
}

/** `absolute` is in units of what rounding is relative to, `Outlook.scale`: a millionth of its root, squared. */
const F32_ALLOWANCE: RoundingAllowance = { relative: 1e-5, absolute: 1e-12 };

/**
 * Holds results against a theory worked out afresh; the theory and the z that the file stores are only cross-checked.
 *
 * @param outlookOf what is known of the trials of a cell beside their mean.
 */
export function checkResults(
  results: Pick<Results, 'panels'>,
  predict: (panel: string, at: At) => Prediction | null,
  outlookOf: (panel: string, at: At) => Outlook = () => PLAIN,
  allowance: RoundingAllowance = F32_ALLOWANCE,
): CheckReport {
  const cells = results.panels.flatMap(({ name, cells }) =>
    cells.flatMap((cell) => checkParts(name, cell, predict(name, cell.at), outlookOf(name, cell.at), allowance)),
  );
  const bad = cells.some(({ verdict, inconsistencies }) => BAD.has(verdict) || inconsistencies.length > 0);
  return { ok: !bad, cells };
}

/** A cell, then its terms: they are differences of test errors, whose rounding is relative to those. */
function checkParts(
  panel: string,
  whole: CellResult,
  prediction: Prediction | null,
  outlook: Outlook,
  { relative, absolute }: RoundingAllowance,
): readonly CellCheck[] {
  const total = prediction?.kind === 'value' ? prediction.value : 0;
  const rounding = { relative, absolute: (absolute + outlook.rounding) * outlook.scale };
  const ofTerm = { relative, absolute: rounding.absolute + relative * total };
  return partsOf(whole).map(({ part, cell }) =>
    part === null
      ? checkCell(panel, cell, prediction, outlook, rounding)
      : {
          ...checkCell(panel, cell, predictedTerm(prediction, part), ofPart(outlook, part), ofTerm),
          term: part,
        },
  );
}

/** The bias is the error without noise, whose variance is finite; the other terms have laws of their own. */
function ofPart(outlook: Outlook, part: Term): Outlook {
  const tail = part === 'bias' || outlook.tail === null ? null : { ...outlook.tail, law: null };
  return { ...outlook, tail };
}

function checkCell(
  panel: string,
  cell: CellResult,
  prediction: Prediction | null,
  outlook: Outlook,
  rounding: RoundingAllowance,
): CellCheck {
  const judgement = judge(cell, prediction, outlook, rounding);
  const reason = reasonOf(judgement, prediction, outlook);
  return {
    panel,
    at: cell.at,
    ...judgement,
    prediction,
    reason,
    inconsistencies: inconsistencies(cell, prediction),
  };
}

function reasonOf({ verdict, by }: Judgement, prediction: Prediction | null, { tail }: Outlook): string | null {
  if (verdict === 'heavy tail' || by === 'median') return tail!.reason;
  if (verdict !== 'theory fault' && verdict !== 'no mean') return null;
  return prediction !== null && 'reason' in prediction ? prediction.reason : null;
}
