import PlainText

/// PlainText's value, by its short name for this module and those that use it.
public typealias JSONValue = PlainText.JSONValue
