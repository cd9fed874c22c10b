"""Every kind of torch file that is read, and of those that are refused, by a description."""

import argparse
import collections
import datetime
import pathlib
import pickle
import warnings
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.utils import parametrizations, prune
from torchmade import (
    WIDTH,
    H,
    LanguageModel,
    Made,
    Normed,
    Stepwise,
    arrays,
    frozen,
    hidden,
    inputs,
    policy,
    rectified,
    renamed,
    saved,
    scripted,
    stepped,
    traced,
    within,
)


def made() -> dict[str, Made]:
    """Return every file by its description."""
    with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.manual_seed(0)
        return _plain() | _structured() | _several() | _parametrized() | _named() | _refused()


def _plain() -> dict[str, Made]:
    lstm = nn.LSTM(WIDTH, H)
    state, right = lstm.state_dict(), hidden(lstm)
    sd = within(lstm=lstm)
    light = {
        "epoch": 3,
        "state_dict": collections.OrderedDict((f"model.{name}", t) for name, t in sd.items()),
        "callbacks": {"ModelCheckpoint{'monitor': 'loss'}": {"best": torch.tensor(0.1), "path": "x.ckpt"}},
        "optimizer_states": [{"state": {0: {"exp_avg": torch.zeros(20, 3)}}, "param_groups": [{"lr": 0.1}]}],
        "hyper_parameters": argparse.Namespace(lr=1e-3, hidden=5),
    }
    found = {f"torch.save, called {end or 'nothing'}": Made(saved(state), right) for end in (".ckpt", ".pth.tar", "")}
    for dtype in (torch.float16, torch.bfloat16, torch.float64):
        low = nn.LSTM(WIDTH, H)
        low.load_state_dict({name: t.to(dtype).float() for name, t in state.items()})
        stored = {name: t.to(dtype) for name, t in state.items()}
        found[str(dtype)] = Made(saved(stored), hidden(low))
        found[f"safetensors, {dtype}"] = Made(lambda path, stored=stored: save_file(stored, path), hidden(low))  # type: ignore[misc]
    bigru, proj = nn.GRU(WIDTH, H, 2, bidirectional=True), nn.LSTM(WIDTH, H, 2, proj_size=2, bidirectional=True)
    nobias, rnn = nn.LSTM(WIDTH, H, bias=False), nn.RNN(WIDTH, H)
    base, unpacked = torch.randn(20, 20), {name: t.numpy() for name, t in state.items()}
    views = dict(state) | {"weight_ih_l0": base[:, 2:5], "weight_hh_l0": base.t()[:, 10:15]}
    viewed = nn.LSTM(WIDTH, H)
    viewed.load_state_dict(views)
    return found | {
        "a Lightning checkpoint": Made(saved(light), right),
        "a checkpoint with other objects": Made(
            saved({"state_dict": sd, "best": np.float64(0.25), "losses": np.arange(3.0), (1, 2): {3: torch.ones(2)},
                   "path": pathlib.PurePosixPath("runs/1"), "when": datetime.datetime(2024, 1, 1)}), right,
        ),
        "before version 1.6": Made(saved({"epoch": 3, "net": state}, _use_new_zipfile_serialization=False), right),
        "DDP and compiled": Made(saved({f"module._orig_mod.{name}": t for name, t in sd.items()}), right),
        "a pickle of arrays": Made(lambda path: path.write_bytes(pickle.dumps(unpacked)), right),
        "a pickle of arrays, protocol 2": Made(lambda path: path.write_bytes(pickle.dumps(unpacked, 2)), right),
        "views of one storage": Made(saved(views), hidden(viewed)),
        "views of one storage, before 1.6": Made(saved(views, _use_new_zipfile_serialization=False), hidden(viewed)),
        "sparse": Made(saved({n: t.to_sparse() for n, t in state.items()}), right),
        "both ways, two layers": Made(saved(bigru.state_dict()), hidden(bigru)),
        "projected": Made(saved(proj.state_dict()), hidden(proj)),
        "no bias": Made(saved(nobias.state_dict()), hidden(nobias)),
        "an RNN": Made(saved(rnn.state_dict()), hidden(rnn)),
        "an RNN with ReLU, said so": Made(
            saved(rectified().core.state_dict()), hidden(rectified().core), {"activation": "relu"}
        ),
    }  # fmt: skip


def _structured() -> dict[str, Made]:
    model, relu, step = LanguageModel().eval(), rectified(), Stepwise()
    ids = torch.tensor([3, 1, 4, 1, 5, 9, 2])
    right, x = hidden(model.rnn), inputs()
    steps = stepped(step.cell, x)
    lstm = nn.LSTM(WIDTH, H)
    return {
        "a whole model": Made(saved(model), right),
        "a whole model, before version 1.6": Made(saved(model, _use_new_zipfile_serialization=False), right),
        "a whole model of torch's own classes": Made(saved(nn.Sequential(lstm)), hidden(lstm)),
        "a whole RNN with ReLU": Made(saved(relu), hidden(relu.core)),
        "a whole cell with ReLU": Made(saved(step), steps),
        "TorchScript": Made(scripted(model), right),
        "TorchScript, traced": Made(traced(model, ids[:, None]), right),
        "TorchScript, an RNN with ReLU": Made(scripted(relu), hidden(relu.core)),
        "TorchScript, a traced RNN with ReLU": Made(traced(relu, x[:, None]), hidden(relu.core)),
        "TorchScript, a cell with ReLU": Made(scripted(step), steps),
    }


def _several() -> dict[str, Made]:
    lstm, other, gru = nn.LSTM(WIDTH, H), nn.LSTM(WIDTH, H), nn.GRU(WIDTH, H)
    two = within(lstm_actor=lstm, lstm_critic=other)
    sd = within(lstm=lstm)
    one, wide = nn.LSTM(WIDTH, 4, bidirectional=True), nn.LSTM(8, 2, bidirectional=True)
    above, first, second = nn.LSTM(8, 3), nn.LSTMCell(WIDTH, H), nn.LSTMCell(H, 4)
    with torch.no_grad():
        below = one(inputs()[:, None])[0]
        both, forward = (module(below)[0][:, 0].numpy() for module in (wide, above))
    cells, h = [], [(torch.zeros(1, H), torch.zeros(1, H)), (torch.zeros(1, 4), torch.zeros(1, 4))]
    with torch.no_grad():
        for row in inputs():
            h[0] = first(row[None], h[0])
            h[1] = second(h[0][0], h[1])
            cells.append(h[1][0][0].numpy())
    return {
        "actor and critic": Made(saved(two), hidden(other), {"network": "critic"}),
        "stable-baselines3": Made(policy(two), hidden(lstm), {"network": "ACTOR"}),
        "a model and its average": Made(
            saved({"model": sd, "ema": {name: 0.9 * t for name, t in sd.items()}}), hidden(lstm), {"network": "model"}
        ),
        "one module by two names": Made(saved({**{f"cudalstm.{n}": t for n, t in sd.items()}, **sd}), hidden(lstm)),
        "two kinds": Made(saved({"generator": sd, "discriminator": within(gru=gru)}), hidden(gru), {"network": "gru"}),
        "a chain both ways": Made(saved(within(lstm1=one, lstm2=wide)), both, {"chain": "lstm1,lstm2"}),
        "a chain from both ways to one": Made(saved(within(a=one, b=above)), forward, {"chain": "a,b"}),
        "a list of cells": Made(saved(within(**{"cells.0": first, "cells.1": second})), np.array(cells),
                                {"chain": "cells.0,cells.1"}),
    }  # fmt: skip


def _dropped(lstm: nn.LSTM, outer: bool, both: bool) -> dict[str, torch.Tensor]:
    """The tensors of an LSTM under weight drop: the raw matrix on the wrapper or in the module, and a dropped copy."""
    found = {f"0.rnns.0.module.{name}": t for name, t in lstm.state_dict().items()}
    raw = found.pop("0.rnns.0.module.weight_hh_l0")
    found[f"0.rnns.0{'' if outer else '.module'}.weight_hh_l0_raw"] = raw
    if both:
        found["0.rnns.0.module.weight_hh_l0"] = raw * (torch.rand_like(raw) > 0.5) * 2
    return found


def _parametrized() -> dict[str, Made]:
    lstm = nn.LSTM(WIDTH, H)
    found = {
        f"weight drop, raw {'outside' if outer else 'inside'}{', and a copy' * both}": Made(
            saved({"model": _dropped(lstm, outer, both), "opt": None}), hidden(lstm)
        )
        for outer in (True, False)
        for both in (True, False)
    }
    norm: dict[str, Any] = {"weight norm": parametrizations.weight_norm, "weight norm, old": nn.utils.weight_norm}
    for name, apply in norm.items():
        for dim in (0, 1):
            module = apply(apply(nn.LSTM(WIDTH, H), "weight_hh_l0", dim=dim), "weight_ih_l0")
            found[f"{name}, axis {dim}"] = Made(saved(module.state_dict()), hidden(module))
    whole = nn.utils.weight_norm(nn.GRU(WIDTH, H), "weight_hh_l0", dim=None)  # type: ignore[arg-type]
    found["weight norm, old, of all"] = Made(saved(whole.state_dict()), hidden(whole))
    old = nn.utils.spectral_norm(nn.LSTM(WIDTH, H), "weight_hh_l0")
    for _ in range(5):
        old(inputs()[:, None])
    found["spectral norm, old"] = Made(saved(old.state_dict()), hidden(old.eval()))
    cell = parametrizations.spectral_norm(nn.RNNCell(WIDTH, H), "weight_ih")
    found["spectral norm"] = Made(saved({"a": cell.eval().state_dict()}), stepped(cell, inputs()))
    cut = nn.LSTM(WIDTH, H)
    prune.random_unstructured(cut, "weight_hh_l0", 0.5)  # type: ignore[no-untyped-call]
    found["pruned"] = Made(saved(cut.state_dict()), hidden(cut))
    return found


def _named() -> dict[str, Made]:
    lstm, gru = nn.LSTM(WIDTH, H), nn.GRU(WIDTH, H)
    state = {name: t.numpy() for name, t in lstm.state_dict().items()}
    right = hidden(lstm)
    short = {"weight_": "w_", "bias_": "b_", "_l0": ""}
    keras = (state["weight_ih_l0"].T, state["weight_hh_l0"].T, state["bias_ih_l0"] + state["bias_hh_l0"])
    names = ("kernel", "recurrent_kernel", "bias")
    r, z, n = (np.arange(H) + H * gate for gate in range(3))
    turned = np.concatenate([z, r, n])
    of_gru = [t.numpy()[turned] for t in gru.state_dict().values()]
    return {
        "unnumbered names": Made(saved(renamed(lstm.state_dict(), {"_l0": ""})), right),
        "w_ih in a module": Made(saved({f"cell.{n}": t for n, t in renamed(lstm.state_dict(), short).items()}), right),
        "w_ih behind a word": Made(arrays(**{f"enc_{n}": t for n, t in renamed(state, short).items()}), right),
        "w_ih, transposed": Made(arrays(**{n: t.T for n, t in renamed(state, short).items()}), right),
        "Keras's get_weights": Made(arrays(*keras), right),
        "Keras's names": Made(arrays(**{f"lstm/{n}:0": t for n, t in zip(names, keras, strict=True)}), right),
        "Keras's get_weights of a GRU": Made(
            arrays(of_gru[0].T, of_gru[1].T, np.stack(of_gru[2:])), hidden(gru)
        ),
        "parameters without names": Made(arrays(*state.values()), right),
        "an embedding before Keras's": Made(arrays(np.ones((11, WIDTH)), *keras, np.ones((H, 2)), np.zeros(2)), right),
    }  # fmt: skip


def _refused() -> dict[str, Made]:
    lstm = nn.LSTM(WIDTH, H)
    state, sd = lstm.state_dict(), within(lstm=lstm)
    packed = torch.ao.quantization.quantize_dynamic(nn.Sequential(lstm), {nn.LSTM}, torch.qint8)  # type: ignore[no-untyped-call]
    halves = {n: torch.quantize_per_tensor(t, 0.1, 0, torch.qint8) for n, t in state.items()}
    other = nn.LSTM(WIDTH, H)
    lone = parametrizations.orthogonal(nn.LSTM(WIDTH, H), "weight_hh_l0")
    return {
        "a normed cell": Made(saved(within(cell=Normed())), "has cell.layernorm_i.weight, cell.layernorm_i.bias"),
        "peepholes by other names": Made(
            saved(sd | {"lstm.w_ci": torch.ones(H), "lstm.w_cf": torch.ones(H)}), "has lstm.w_ci, lstm.w_cf beside"
        ),
        "a learned state": Made(saved(sd | {"lstm.h0": torch.ones(1, H)}), "has lstm.h0 beside the weights of lstm"),
        "peepholes in one bag": Made(
            arrays(**{n: t.numpy() for n, t in state.items()}, WIP=np.ones(H), WFP=np.ones(H)), "has WIP, WFP beside"
        ),
        "orthogonal": Made(saved(within(a=lone)), "a.parametrizations.weight_hh_l0"),
        "packed": Made(saved(packed.state_dict()), "is quantized"),
        "a whole model, packed": Made(saved(packed), "is quantized"),
        "quantized tensors": Made(saved(halves), "is stored as qint8 (quantized); save it as float32"),
        "whole numbers of eight bits": Made(
            saved({"scale": torch.tensor(0.1)} | {n: (10 * t).to(torch.int8) for n, t in state.items()}),
            "has scale beside",
        ),
        "whole numbers without a scale": Made(
            saved({f"a.{n}": (10 * t).to(torch.int8) for n, t in state.items()}), "as int8, which is quantized"
        ),
        "a learned state at the top": Made(saved(state | {"h0": torch.ones(1, H)}), "has h0 beside the weights"),
        "frozen": Made(frozen(LanguageModel().eval()), "is a frozen TorchScript archive"),
        "complex": Made(saved({n: t + 0j for n, t in state.items()}), "is stored as complex64; save it as float32"),
        "without values": Made(saved({n: t.to("meta") for n, t in state.items()}), "as a tensor without values"),
        "something else": Made(saved({"fc.weight": torch.ones(2, 3)}), "without a recurrent network"),
        "nothing": Made(saved({"epoch": 3}), "it holds no tensors at all"),
        "two networks": Made(saved(within(a=lstm, b=other)), "holds 2 recurrent networks (a, b); --network"),
        "no such network": Made(saved(sd), "--network gru: unknown network", {"network": "gru"}),
        "a part of two names": Made(
            saved(within(enc_a=lstm, enc_b=other)), "--network enc: is a part of 2 names", {"network": "enc"}
        ),
        "a chain that does not fit": Made(
            saved(within(a=lstm, b=other)), "takes 3 inputs, and the one before it gives 5", {"chain": "a,b"}
        ),
    }  # fmt: skip
