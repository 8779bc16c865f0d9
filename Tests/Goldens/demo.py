"""The cases of the demo model: real sentences, real tokens, real translations."""
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import MarianTokenizer

from cases import same
from reference import Reference

MODEL = Path(__file__).resolve().parents[2] / "Sources/DragomanEngine/Resources/demo-en-fr"
MARGIN = 1e-4

# Written for this file.
SENTENCES = """\
Where is the train station?
The weather is nice today.
I don't know what you are talking about.
My brother works in a small bakery near the river.
Could you pass me the salt, please?
She has been learning the piano for six years.
We missed the last bus, so we walked home in the rain.
How much does this book cost?
Tom said that he would come back before midnight.
There are three cats and a dog in the garden.
If I had more time, I would read all of these letters.
Nobody answered the phone.
Stop!
Yes.
What a beautiful surprise!
The children were playing football behind the school when it began to snow.
He opened the window because the room was too hot.
I've never seen such a big fish.
You should not drive so fast at night.
Do you remember the name of the woman we met yesterday?
The museum is closed on Mondays.
It is five o'clock already.
They will get married next summer.
The doctor told her to stay in bed for a few days.
Let's go.
I would like a cup of coffee and two slices of bread.
This is the house where my grandfather was born.
The train leaves at 7:45 and arrives at 10:20.
Nothing is more important than health.
Why did you lie to me?
The answer to your question is in the third chapter.
Everyone laughed except Mary.
You must be tired after such a long journey.
In 1998, 12,450 people lived in this town.
The thief ran away with my bag, but a policeman caught him.
Is it far from here?
I am looking forward to hearing from you.
The more you practise, the better you will speak.
Mr. Smith isn't in his office; please try again later.
Good night, and sleep well.
She gave me neither an answer nor a reason.
Our neighbours have bought a new car.
I can't find my keys anywhere, and I have already looked under the sofa, on the table and in all of my pockets.
The Commission has presented a proposal that the Parliament will examine in the course of the coming week.
Madam President, I would like to thank the rapporteur for her excellent work.
This directive must be applied in the same way in all Member States.
"Who is there?" asked the old man, "and what do you want?"
He said: "I'll wait (if I must)."
Milk, eggs, flour, sugar.
the the the the the the
qwzx vrrk plomb 42%
Zoë's café is naïve & chic – isn't it?
Ｆｕｌｌ　ｗｉｄｔｈ letters
東京 is a big city.
I 💙 you.
A man who had once been a sailor, and who still told everybody about the storms that he had seen, sat at the corner \
of the bar every evening and drank, slowly and without a word to the others, exactly two glasses of red wine.
We do not yet know when the new bridge over the river will be opened, how much it will finally cost, who will pay for \
it, or whether the ferry will still run once it is there, but we have asked the town council to tell us as soon as \
possible.
It was raining, and it was cold, and it was late, and it was dark, and it was raining, and it was cold, and it was \
late, and it was dark, and nobody came.
a
?
""".replace(" \\\n", " ").splitlines()


class Cases:
    def __init__(self, tokenizer, reference, check):
        self.tokenizer, self.reference, self.check = tokenizer, reference, check
        self.rows, self.left_out = [], []

    def ids(self, text):
        return self.tokenizer(text, add_special_tokens=False).input_ids

    def add(self, text, options):
        source = self.ids(text)
        hypotheses, margin = self.reference.search(source, options)
        rounded, _ = self.check.search(source, options)
        if margin < MARGIN or not same(hypotheses, rounded):
            self.left_out.append({"text": text, "options": options, "margin": round(margin, 7)})
            return
        for hypothesis in hypotheses:
            hypothesis["text"] = self.tokenizer.decode(
                hypothesis["tokens"], use_source_tokenizer=False, clean_up_tokenization_spaces=False)
        self.rows.append({"text": text, "source": source, "options": options, "hypotheses": hypotheses})

    def all(self):
        for text in SENTENCES:
            for beams in (1, 2, 4, 6):
                self.add(text, {"beam_size": beams})
        random = np.random.default_rng(9)
        french = {word: self.ids_of_target(word) for word in ("Il", "Je ne", "Peut-être que", "La", "Elle a", "On")}
        for i, text in enumerate(SENTENCES[:48:2]):
            beams = int(random.choice([1, 2, 4, 4, 6]))
            for option, value in (
                ("length_penalty", [0.0, 0.5, 2.0, -0.5][i % 4]),
                ("early_stopping", ["full", "never"][i % 2]),
                ("min_length", [6, 15, 25][i % 3]),
                ("max_length", [3, 5, 8][i % 3]),
                ("repetition_penalty", [1.2, 2.0][i % 2]),
                ("no_repeat_ngram_size", [1, 2, 3][i % 3]),
                ("prefix", french[list(french)[i % len(french)]]),
                ("forced_first_token", french["Il"][0]),
            ):
                self.add(text, {"beam_size": beams, option: value})
            self.add(text, {"beam_size": 4, "n_best": 4})
            self.add(text, {"beam_size": 6, "n_best": 3, "length_penalty": 0.6, "early_stopping": "never",
                            "no_repeat_ngram_size": 2, "repetition_penalty": 1.1})
            found = self.reference.search(self.ids(text), {"beam_size": 4})[0][0]["tokens"]
            self.add(text, {"beam_size": 4, "suppress": [[found[0]], found[2:4]][: 1 + (len(found) > 3)]})
        return self

    def ids_of_target(self, text):
        return self.tokenizer(text_target=text, add_special_tokens=False).input_ids


def write_steps(folder, made_by, cases, write_rows):
    tensors, rows = {}, []
    for i, text in enumerate((SENTENCES[0], SENTENCES[15])):
        source = cases.ids(text)
        target = cases.reference.search(source, {"beam_size": 4})[0][0]["tokens"]
        states, log_probs = cases.reference.states(source, target)
        best = states["logits"].topk(20)
        tensors |= {f"{i}.encoder": states["encoder"].float().contiguous(),
                    f"{i}.cross_attention": states["cross_attention"].float().contiguous()}
        rows.append({
            "text": text, "source": source, "target": target, "log_probs": log_probs,
            "top_tokens": best.indices.tolist(),
            "top_logits": [[round(x, 5) for x in row] for row in best.values.tolist()],
        })
    save_file(tensors, folder / "states.safetensors")
    (folder / "states.safetensors").chmod(0o644)
    write_rows(folder / "states.json", {"made_by": made_by}, rows)


def write(folder, made_by, write_rows):
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = MarianTokenizer.from_pretrained(MODEL, local_files_only=True)
    cases = Cases(tokenizer, Reference(MODEL, torch.float64), Reference(MODEL, torch.float32)).all()
    write_rows(folder / "cases.json", {"made_by": made_by, "left_out": cases.left_out}, cases.rows)
    write_steps(folder, made_by, cases, write_rows)
    print(f"demo-en-fr: {len(cases.rows)} cases; {len(cases.left_out)} left out, for they hung on rounding", flush=True)
