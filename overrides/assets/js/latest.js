/** The newest changes on the home page: what is new since this device last looked is marked. */
import { markUnseen } from "./reader.js";

export function start(component) {
  markUnseen([...component.querySelectorAll("[data-pb-item-key]")], false);
}
