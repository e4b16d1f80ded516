/**
 * <pdf-frame hidden> around a <template> with a frame: shows it in browsers that have a viewer for PDF of their own.
 * Others would save the file, or show an empty frame.
 */

export class PdfFrame extends HTMLElement {
  connectedCallback() {
    const template = this.querySelector("template");
    if (!template || !(navigator.pdfViewerEnabled ?? false)) return;
    this.hidden = false;
    template.replaceWith(template.content);
  }
}

customElements.define("pdf-frame", PdfFrame);
