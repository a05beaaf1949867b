/** Before every test file: what is said is there in both languages. */
import { addWords, fetchWords } from "../words";

await addWords("ticket");
await addWords("board");
await addWords("access");
await addWords("privacy");
await Promise.all([fetchWords("zh-CN"), fetchWords("en")]);
