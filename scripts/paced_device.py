"""The capture device of the tests, a recording that plays at its own pace, for scripts."""

import os
import subprocess
from pathlib import Path

PLUG_IN = Path(__file__).resolve().parent.parent / "Tests/CPacedPCM"


def environment(folder):
    """What makes ALSA find the device; its library is built into the folder."""
    library = folder / "libasound_module_pcm_paced.so"
    if not library.exists():
        subprocess.run([PLUG_IN / "build", library], check=True)
    return dict(
        os.environ, ALSA_CONFIG_PATH=str(PLUG_IN / "paced.conf"), PACED_PCM_LIBRARY=str(library))


def name(recording, journal, faults):
    """The device that repeats a recording, one program's at a time, with faults as CPacedPCM.h lists them."""
    return f"paced:FILE={recording},JOURNAL={journal},LOOP=yes,FAULTS='{' '.join(faults)}'"


def arecord(device, environment, output):
    """Starts arecord on the device, into a pipe."""
    return subprocess.Popen(
        ["arecord", "-q", "-D", device, "-f", "S16_LE", "-r", "16000", "-c", "1", "-t", "raw"]
        + ["--buffer-time=2000000", "--period-size=160"],
        env=environment, stdout=output, stderr=subprocess.DEVNULL)
