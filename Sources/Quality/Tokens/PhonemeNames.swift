/// Names of English phonemes in other notations, as the tokens of the recognisers that come with Lockstep:
/// those of ARPABET without stress, and EL for a syllabic l.
enum PhonemeNames {
  /// Silence, in whatever notation.
  static let silences: Set<String> = [
    "_", "_!", "_:", "_|", "sil", "SIL", "sp", "SP", "spn", "SPN", "pau", "PAU", "epi", "EPI", "h#",
    "H#",
    "<eps>", "<sil>",
  ]

  /// Mnemonics of espeak-ng, as scripts/train/phonemes.csv has them; "" is no sound of its own.
  static let espeak: [String: String] = [
    "0": "AA", "3": "ER", "3:": "ER", ";": "", "?": "T", "@": "AH", "@-": "AH", "@2": "AH",
    "@5": "AH", "@L": "EL", "A": "AA", "A:": "AA", "A@": "AA", "A~": "AA", "D": "DH", "E": "EH",
    "E2": "EH", "I": "IH", "I#": "IH", "I2": "IH", "IR": "ER", "N": "NG", "O": "AO", "O:": "AO",
    "O2": "AO", "O@": "AO", "OI": "OY", "O~": "AO", "S": "SH", "T": "TH", "U": "UH", "U@": "UH",
    "V": "AH", "VR": "ER", "Z": "ZH", "_": "", "_!": "", "_:": "", "_|": "", "a": "AE", "a#": "AH",
    "aI": "AY", "aI2": "AY", "aI3": "AY", "aI@": "AY", "aU": "AW", "aa": "AE", "b": "B", "d": "D",
    "d#": "D", "dZ": "JH", "e": "EH", "e@": "EH", "eI": "EY", "f": "F", "g": "G", "h": "HH",
    "i": "IY", "i:": "IY", "i@": "IY", "i@3": "IY", "j": "Y", "k": "K", "l": "L", "l#": "L",
    "m": "M", "n": "N", "n-": "N", "o": "OW", "o@": "AO", "oU": "OW", "p": "P", "r": "R",
    "r-": "R", "s": "S", "t": "T", "t#": "T", "t2": "T", "t[": "T", "tS": "CH", "u": "UW",
    "u:": "UW", "v": "V", "w": "W", "w#": "W", "x": "K", "z": "Z",
  ]

  /// What TIMIT (Garofolo et al. 1993) adds to ARPABET, in capitals; "" is a closure, a part of the sound
  /// that follows it.
  static let arpabet: [String: String] = [
    "AX": "AH", "AXR": "ER", "AX-H": "AH", "IX": "IH", "UX": "UW", "DX": "T", "NX": "N", "EN": "N",
    "EM": "M", "ENG": "NG", "HV": "HH", "EL": "L", "Q": "", "BCL": "", "DCL": "", "GCL": "",
    "PCL": "", "TCL": "", "KCL": "",
  ]
}
