/**
 * An EventTarget whose events are known, with what each tells: `Details` has the type of it by the event's name.
 *
 * @template {object} Details
 */
export class Emitter extends EventTarget {
  /**
   * Call `listener` with what each event of this type tells.
   *
   * @template {keyof Details & string} Type
   * @param {Type} type
   * @param {(detail: Details[Type]) => void} listener
   */
  on(type, listener) {
    this.addEventListener(type, (event) => {
      if (event instanceof CustomEvent) listener(event.detail);
    });
  }

  /**
   * @template {keyof Details & string} Type
   * @param {Type} type
   * @param {Details[Type]} detail
   */
  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
