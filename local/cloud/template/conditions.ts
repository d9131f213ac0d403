// Evaluates the conditions of a template. `readModel` leaves out the resources and outputs whose condition is not met.
import { asText, isList, isObject, type Json, type JsonObject } from '../core/json.ts';
import { resolve } from './intrinsics.ts';

/** @param written a resource or an output, which may name a condition */
export type IsMet = (written: JsonObject, where: string) => boolean;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html */
const MAX_OPERANDS = 10;

export function readConditions(
  conditions: JsonObject,
  parameters: ReadonlyMap<string, string>,
  refuseAll: (finding: string) => void,
): IsMet {
  /** @param names the conditions that lead to this one, outermost first */
  function evaluate(condition: Json | undefined, names: readonly string[]): boolean {
    const refuse = (finding: string) => refuseAll(`Conditions ${names[0]}: ${finding}`);
    const [[name, given] = ['', undefined], ...more] = isObject(condition) ? Object.entries(condition) : [];
    const operands = isList(given) ? given : [];
    const each = () => operands.map((operand) => evaluate(operand, names));
    if (more.length === 0 && name === 'Condition' && typeof given === 'string') return named(given, names);
    if (more.length === 0 && name === 'Fn::Not' && operands.length === 1) return !each()[0];
    if (more.length === 0 && name === 'Fn::Equals' && operands.length === 2) {
      // A condition may refer to parameters, but not to resources.
      const [one, other] = operands.map((operand) =>
        asText(resolve(operand, { identities: new Map(), parameters, refuse })),
      );
      return one === other;
    }
    if (more.length === 0 && operands.length >= 2 && operands.length <= MAX_OPERANDS) {
      if (name === 'Fn::And') return each().every(Boolean);
      if (name === 'Fn::Or') return each().some(Boolean);
    }
    refuse(`${JSON.stringify(condition)} is not supported`);
    return false;
  }

  function named(name: string, names: readonly string[]): boolean {
    if (name in conditions && !names.includes(name)) return evaluate(conditions[name], [...names, name]);
    refuseAll(`Conditions ${name}: ${name in conditions ? 'depends on itself' : 'does not exist'}`);
    return false;
  }

  const met = new Map(Object.keys(conditions).map((name) => [name, named(name, [])]));
  return ({ Condition }, where) => {
    if (Condition === undefined) return true;
    const isMet = met.get(asText(Condition));
    if (isMet === undefined) refuseAll(`${where}: condition ${asText(Condition)} does not exist`);
    return isMet ?? false;
  };
}
