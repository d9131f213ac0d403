// The error of a setting that is invalid. Synthesis stops with its message, which says how to fix the setting.

export class InvalidSetting extends Error {
  override readonly name = 'InvalidSetting';
}
