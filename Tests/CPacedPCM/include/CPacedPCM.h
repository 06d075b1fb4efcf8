// An ALSA capture device that plays a recording at the pace of CLOCK_MONOTONIC, for tests: sample n comes
// (n + 1) / rate after its time began, whoever listens; what nobody reads in time is lost, as on a card.
//
//   pcm_type.paced { lib "libasound_module_pcm_paced.so" }
//   pcm.microphone { type paced infile "speech.raw" rate 16000 }
//
// infile    headerless samples
// rate      samples a second (16000)
// channels  values a sample (1)
// format    of the file and the device, as ALSA names it (S16_LE)
// loop      yes: the recording begins again at its end; otherwise the device is gone there
// journal   a file where the truth is kept: "t0 NS" when the device's time began (monotonic), and for
//           each start "from N" and "to N", the samples from N up to N (not included) that were read.
//           Time goes on while the device is closed if the journal says when it began
// faults    what goes wrong, such as "xrun@16000 xrun@32000+800 suspend@48000 gone@64000+16000":
//           at sample 16000 an overrun; at 32000 one with nothing captured before sample 32800; at
//           48000 the machine sleeps; from 64000 the device has gone, for 16000 samples (without
//           +N: for good)
// coarse    yes: the device's delay is known in whole periods only, as on the simplest cards
//
// One program at a time may have the device: its file is locked while it is open.
