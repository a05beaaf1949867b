/** The board in a document, on a desk whose gateway is in memory. */
import { render } from "preact";
import { act } from "preact/test-utils";
import { createDesk, DeskContext } from "../desk";
import { FakeDesk } from "../fake/fake-desk";
import { now } from "../state/now";
import { BoardView } from "../views/board";
import { language } from "../words";
import { FakePorts, joined, settled } from "./ports";
import { box } from "./ticket-world";

/** Sign in and open a page of the board; `change` prepares the gateway. */
export async function board(hash: string, change: (gateway: FakeDesk) => void = () => {}) {
  language.value = "zh-CN";
  render(null, box);
  const clock = new FakePorts();
  const gateway = new FakeDesk(clock.now);
  change(gateway);
  const ports = new FakePorts(gateway);
  joined(gateway, ports);
  now.value = ports.now();
  const desk = createDesk(ports);
  desk.run();
  await desk.session.signIn("lin", "sample");
  ports.stream.open();
  desk.follow(hash);
  const Part = () => (desk.board.place.value ? <BoardView place={desk.board.place.value} /> : null);
  await act(async () => {
    render(<DeskContext.Provider value={desk}><Part /></DeskContext.Provider>, box);
    await settled();
  });
  /** Let time pass, by the page's clock too. */
  const pass = (ms: number) =>
    act(async () => {
      ports.pass(ms);
      now.value = ports.now();
      await settled();
    });
  const go = (to: string) =>
    act(async () => {
      desk.follow(to);
      await settled();
    });
  return { desk, gateway, ports, pass, go };
}
