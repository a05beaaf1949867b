/** Before every test file: what is said is there in both languages. */
import { fetchWords } from "../words";

await Promise.all([fetchWords("zh-CN"), fetchWords("en")]);
