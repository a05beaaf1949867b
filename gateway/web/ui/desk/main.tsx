/** The agents' desk: mounts into #desk. */
import { render } from "preact";

const root = document.getElementById("desk");
if (root) render(<main />, root);
