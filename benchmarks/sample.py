"""Two hundred made-up knowledge entries and a stream of messages in the mix 70 % answered, 20 % choices, 10 % handed over.

What a message comes to is found by asking the matcher, so the mix is the one measured, not the one hoped for.
"""

import json
import random
from pathlib import Path

from knowledge.load import load_folder
from knowledge.match import Matcher

THINGS = (
    ("kettle", "电水壶"), ("backpack", "双肩包"), ("desk lamp", "台灯"), ("keyboard", "键盘"), ("rain coat", "雨衣"),
    ("teapot", "茶壶"), ("headphones", "耳机"), ("yoga mat", "瑜伽垫"), ("suitcase", "行李箱"), ("air purifier", "空气净化器"),
    ("rice cooker", "电饭煲"), ("wall clock", "挂钟"), ("toy train", "玩具火车"), ("fish tank", "鱼缸"), ("hair dryer", "吹风机"),
    ("camping tent", "露营帐篷"), ("running shoes", "跑步鞋"), ("office chair", "办公椅"), ("power bank", "充电宝"), ("notebook", "笔记本"),
)  # fmt: skip
ABOUT = (
    ("clean", "How do I clean the {en}?", "{zh}怎么清洗？",
     ("what is the best way to clean a {en}", "may I wash the {en} with water", "{zh}可以水洗吗", "清洁{zh}用什么")),
    ("warranty", "How long is the warranty on the {en}?", "{zh}保修多久？",
     ("is the {en} still under guarantee", "warranty period of your {en}", "{zh}质保期是几年", "{zh}坏了保修吗")),
    ("colour", "Which colours does the {en} come in?", "{zh}有哪些颜色？",
     ("do you have the {en} in blue", "colours available for the {en}", "{zh}有没有蓝色的", "{zh}颜色可以选吗")),
    ("parts", "Where can I buy spare parts for the {en}?", "哪里可以买到{zh}的配件？",
     ("I lost a part of my {en}, can I order one", "replacement parts {en}", "{zh}配件丢了怎么买", "{zh}零件单卖吗")),
    ("weight", "How heavy is the {en}?", "{zh}有多重？",
     ("what does the {en} weigh", "weight of the {en} with packaging", "{zh}重量是多少", "{zh}几公斤")),
    ("assembly", "How do I assemble the {en}?", "{zh}怎么组装？",
     ("is there a manual for putting the {en} together", "assembly steps {en}", "{zh}安装步骤", "{zh}说明书在哪里")),
    ("material", "What is the {en} made of?", "{zh}是什么材质的？",
     ("which material is used in the {en}", "is the {en} plastic or metal", "{zh}用什么材料做的", "{zh}是塑料的吗")),
    ("origin", "Where is the {en} made?", "{zh}产地是哪里？",
     ("country of origin of the {en}", "who manufactures your {en}", "{zh}是哪里生产的", "{zh}哪个厂家做的")),
    ("storage", "How should I store the {en}?", "{zh}怎么存放？",
     ("can I keep the {en} outdoors", "storing the {en} over winter", "{zh}放户外可以吗", "{zh}不用时怎么收纳")),
    ("disposal", "How do I recycle an old {en}?", "旧{zh}怎么回收？",
     ("do you take back a used {en}", "throwing away my {en} properly", "{zh}可以以旧换新吗", "{zh}报废了怎么处理")),
)  # fmt: skip
BEFORE = ("", "", "", "hello, ", "please tell me: ", "你好，", "请问", "您好，想问一下，")
VAGUE = ("the {en}", "{zh}", "tell me about the {en}", "想了解一下{zh}", "{zh}怎么样")
PERSON = ("转人工", "I want to talk to a person", "人工客服", "agent", "我要投诉", "找真人客服")
MIX = {"answer": 0.7, "choices": 0.2, "none": 0.1}


def write_entries(folder: Path, count: int = 200) -> None:
    """Write ``count`` entries in two languages with five phrasings each."""
    folder.mkdir(parents=True, exist_ok=True)
    pairs = [(about, thing, copy) for copy in range(1 + count // 200) for about in ABOUT for thing in THINGS]
    for (key, english, chinese, phrasings), (en, zh), copy in pairs[:count]:
        mark = f" {copy}" if copy else ""
        named = [one.format(en=en + mark, zh=zh + mark) for one in phrasings]
        stem = f"{key}-{en.replace(' ', '-')}{'-' + str(copy) if copy else ''}"
        question = chinese.format(zh=zh + mark)
        (folder / f"{stem}.md").write_text(
            f"---\nquestion: {question}\nphrasings:\n  - {named[2]}\n  - {named[3]}\nclass: FAQ\n"
            f"owner: bench\n---\n这是性能测试用的示例答案：{question}\n",
            encoding="utf-8",
        )
        question = english.format(en=en + mark)
        (folder / f"{stem}.en.md").write_text(
            f'---\nquestion: "{question}"\nphrasings:\n  - "{named[0]}"\n  - "{named[1]}"\n---\n'
            f"This is a made-up answer for the benchmark: {question}\n",
            encoding="utf-8",
        )


def paraphrases(count: int, chance: random.Random) -> list[str]:
    """Return messages nobody wrote into an entry: other words around its words, slips of the finger, a number or a story."""
    known = [(form, thing) for _, en, zh, forms in ABOUT for form in (en, zh, *forms) for thing in THINGS]
    return [_said_otherwise(*chance.choice(known), chance) for _ in range(count)]


def _said_otherwise(form: str, thing: tuple[str, str], chance: random.Random) -> str:
    copy = f" {chance.randrange(1, 50)}" if chance.random() < 0.5 else ""
    text = form.format(en=thing[0] + copy, zh=thing[1] + copy)
    number = chance.randrange(10_000, 99_999)
    if "{en}" in form:
        words = [word for word in text.split() if chance.random() > 0.15] or text.split()
        if chance.random() < 0.4:
            at = chance.randrange(len(words))
            cut = chance.randrange(max(1, len(words[at]) - 1))
            words[at] = words[at][:cut] + words[at][cut + 1 :] + chance.choice("aeiorst")
        stories = ("", "", f"hi, order {number}: ", "my sister bought it last week and now she asks, ")
        ends = ("", "", " please", f" (it came on the {number % 28 + 1}th)", " thanks a lot, kind regards")
        return chance.choice(stories) + " ".join(words) + chance.choice(ends)
    signs = [sign for sign in text if chance.random() > 0.08]
    if chance.random() < 0.3:
        signs.insert(chance.randrange(len(signs) + 1), chance.choice("的了呢啊吧么"))
    stories = ("", "", f"订单{number}，", "上周给家里老人买的，现在想问", "你好在吗")
    ends = ("", "", "，急", "，谢谢啦", f"，已经等了{number % 9 + 1}天")
    return chance.choice(stories) + "".join(signs) + chance.choice(ends)


def write_texts(entries: Path, target: Path, count: int = 3000) -> dict[str, int]:
    """Write messages in the mix of the design page; return how many of each kind, and how many were exact phrasings."""
    loaded = load_folder(entries)
    matcher = Matcher(loaded.entries)
    chance = random.Random(11)
    exact = [text for entry in loaded.entries for w in entry.wordings.values() for text in w.all_phrasings]
    pool: dict[str, list[str]] = {"answer": [], "choices": [], "none": list(PERSON)}
    for _ in range(20_000):
        if len(pool["answer"]) >= 2000 and len(pool["choices"]) >= 500:
            break
        en, zh = chance.choice(THINGS)
        vague = chance.random() < 0.3
        text = chance.choice(VAGUE).format(en=en, zh=zh) if vague else chance.choice(exact)
        text = chance.choice(BEFORE) + text
        kind = matcher.match(text).kind
        if kind in ("answer", "choices"):
            pool[kind].append(text)
    known = set(exact)
    with target.open("w", encoding="utf-8") as file:
        rows = [
            (chance.choice(pool[kind]), kind)
            for kind in chance.choices(list(MIX), weights=list(MIX.values()), k=count)
        ]
        for text, kind in rows:
            file.write(json.dumps({"text": text, "kind": kind}, ensure_ascii=False) + "\n")
    counted = {kind: sum(1 for _, each in rows if each == kind) for kind in MIX}
    return counted | {"exact phrasings": sum(1 for text, _ in rows if text in known)}
