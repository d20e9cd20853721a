"""A language model of random weights, small enough to make on the spot: a file that llama.cpp serves.

    python tests/servers/tiny_model.py MODEL.gguf

needs the packages ``gguf`` and ``numpy``. The model knows every byte and nothing else: what it writes is
nonsense, in the shape that a grammar forces on it. The same seed makes the same file.
"""

import sys
from pathlib import Path

CONTEXT = 32_768
"""Tokens that a prompt and its answer may have together; text is about one token a byte."""
WIDTH, HEADS, LAYERS, HIDDEN = 32, 2, 1, 64
CHAT = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant: "
ENDING = {'"': 6.0, "]": 3.0, "@": 4.0, " ": 2.0, "</s>": 4.0}
"""Tokens made likelier, by so much of a logit: they end words, strings, lists and answers."""
RAW = -12.0
"""Of a logit, for single bytes: most rows of them are no text."""


def vocabulary() -> list[tuple[str, int]]:
    """Return each token and its type in SentencePiece's numbering: control, byte or ordinary."""
    unknown, normal, control, byte = 2, 1, 3, 6
    special = [("<unk>", unknown), ("<s>", control), ("</s>", control)]
    ascii_ = [(chr(code), normal) for code in range(0x21, 0x7F)]
    return [*special, *((f"<0x{n:02X}>", byte) for n in range(256)), ("\u2581", normal), *ascii_]


def write(path: Path, seed: int = 7) -> None:
    """Write the model file."""
    import numpy as np
    from gguf import GGUFWriter

    tokens = vocabulary()
    rng = np.random.default_rng(seed)

    def random(*shape: int) -> np.ndarray:
        return rng.normal(0, 0.3, shape).astype(np.float32)

    file = GGUFWriter(str(path), "llama")
    file.add_name("tiny-random")
    file.add_context_length(CONTEXT)
    file.add_embedding_length(WIDTH)
    file.add_block_count(LAYERS)
    file.add_feed_forward_length(HIDDEN)
    file.add_head_count(HEADS)
    file.add_head_count_kv(HEADS)
    file.add_layer_norm_rms_eps(1e-5)
    file.add_rope_dimension_count(WIDTH // HEADS)
    file.add_vocab_size(len(tokens))
    file.add_tokenizer_model("llama")
    file.add_token_list([text for text, _ in tokens])
    file.add_token_scores([-float(n) for n in range(len(tokens))])
    file.add_token_types([kind for _, kind in tokens])
    file.add_unk_token_id(0)
    file.add_bos_token_id(1)
    file.add_eos_token_id(2)
    file.add_add_space_prefix(value=False)
    file.add_chat_template(CHAT)

    # The first place of the stream is the same for all tokens, so that its weight here is a bias.
    embedding, output = random(len(tokens), WIDTH), random(len(tokens), WIDTH)
    embedding[:, 0] = 4.0
    output[:, 0] = 0.0
    output[[kind == 6 for _, kind in tokens], 0] = RAW / 4.0
    names = [text.replace("\u2581", " ") for text, _ in tokens]
    for text, logit in ENDING.items():
        output[names.index(text), 0] = logit / 4.0
    file.add_tensor("token_embd.weight", embedding)
    file.add_tensor("output.weight", output)
    file.add_tensor("output_norm.weight", np.ones(WIDTH, dtype=np.float32))
    for n in range(LAYERS):
        for name in ("attn_norm", "ffn_norm"):
            file.add_tensor(f"blk.{n}.{name}.weight", np.ones(WIDTH, dtype=np.float32))
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            file.add_tensor(f"blk.{n}.{name}.weight", random(WIDTH, WIDTH))
        file.add_tensor(f"blk.{n}.ffn_gate.weight", random(HIDDEN, WIDTH))
        file.add_tensor(f"blk.{n}.ffn_up.weight", random(HIDDEN, WIDTH))
        file.add_tensor(f"blk.{n}.ffn_down.weight", random(WIDTH, HIDDEN))
    file.write_header_to_file()
    file.write_kv_data_to_file()
    file.write_tensors_to_file()
    file.close()


if __name__ == "__main__":
    write(Path(sys.argv[1]))
