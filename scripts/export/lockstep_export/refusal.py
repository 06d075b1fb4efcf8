"""What does not fit a model file, by name."""

import torch
from torch import nn


class ExportRefused(ValueError):
    """One sentence: what was found, where, and what was expected."""


# Modules of torch that change nothing in eval mode, or only hold others.
NEUTRAL = (
    nn.Identity,
    nn.Dropout,
    nn.Dropout1d,
    nn.Dropout2d,
    nn.AlphaDropout,
    nn.FeatureAlphaDropout,
    nn.Sequential,
    nn.ModuleList,
    nn.ModuleDict,
)


def name_of(part: nn.Module, module: nn.Module | None, fallback: str) -> str:
    """What a part is called in the module that it is a part of."""
    for name, other in module.named_modules() if module is not None else ():
        if other is part:
            return name or type(part).__name__
    return fallback


def check_whole(module: nn.Module | None, parts: dict[str, nn.Module | None], ignore=()) -> None:
    """Refuses modules, parameters and buffers that are none of the parts', and what is still training."""
    given = [part for part in parts.values() if part is not None]
    for name, part in parts.items():
        if part is not None:
            check_eval(part, name)
    if module is None:
        return
    check_eval(module, "")
    inside = {id(child) for part in given for child in part.modules()}
    known = {
        id(value) for part in given for value in (*part.parameters(), *part.buffers())
    }
    for name, child in module.named_modules():
        if id(child) in inside or ignored(name, ignore):
            continue
        if type(child).__module__.startswith("torch.nn.") and not isinstance(child, NEUTRAL):
            raise ExportRefused(
                f"{name or 'the module'} is a {type(child).__name__}, which is none of the parts "
                f"that were given ({', '.join(k for k, v in parts.items() if v is not None)}): "
                "the model file has no place for it"
            )
    for name, value in (*module.named_parameters(), *module.named_buffers()):
        if id(value) not in known and not ignored(name, ignore):
            raise ExportRefused(
                f"{name} {list(value.shape)} is left over: it belongs to none of the parts that were "
                "given, and what it does would be lost"
            )


def ignored(name: str, ignore) -> bool:
    return any(name == other or name.startswith(other + ".") for other in ignore)


def check_eval(module: nn.Module, name: str) -> None:
    for path, child in module.named_modules():
        dropout = getattr(child, "dropout", None) or getattr(child, "p", None)
        active = isinstance(dropout, float) and dropout > 0
        if child.training and active:
            where = ".".join(part for part in (name, path) if part) or "the module"
            raise ExportRefused(
                f"{where} is in training mode with dropout {dropout}: expected module.eval()"
            )


def finite(name: str, value: torch.Tensor) -> torch.Tensor:
    """As the file holds it: float32, which must hold every value."""
    value = value.detach().to("cpu", torch.float32).contiguous()
    if not torch.isfinite(value).all():
        raise ExportRefused(f"{name} has a value that is not finite as float32")
    return value


def linear(part, name: str, inputs: int | None, outputs: int | None) -> dict[str, torch.Tensor]:
    """Weight and bias of an nn.Linear of these sizes; without a bias it is zeros."""
    if type(part) is not nn.Linear:
        raise ExportRefused(f"{name} is a {type(part).__name__}, expected an nn.Linear")
    for what, found, expected in (
        ("in_features", part.in_features, inputs),
        ("out_features", part.out_features, outputs),
    ):
        if expected is not None and found != expected:
            raise ExportRefused(f"{name}.{what} is {found}, expected {expected}")
    shape = (part.out_features, part.in_features)
    if tuple(part.weight.shape) != shape:
        transposed = ": it looks transposed" if tuple(part.weight.shape) == shape[::-1] else ""
        raise ExportRefused(
            f"{name}.weight is {list(part.weight.shape)}, expected {list(shape)}{transposed}"
        )
    bias = torch.zeros(part.out_features) if part.bias is None else part.bias
    return {"weight": finite(f"{name}.weight", part.weight), "bias": finite(f"{name}.bias", bias)}
