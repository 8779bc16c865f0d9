import CWire
import JobModel

extension Source: WireMessage {
    init(_ message: Wire__Source) throws(Flaw) {
        switch message.input_case {
        case WIRE__SOURCE__INPUT_TEXT: self = .text(try message.text.text("text"))
        case WIRE__SOURCE__INPUT_TOKENS:
            self = .tokens(
                try body("tokens", message.tokens) { (message: Wire__Tokens) throws(Flaw) in
                    try texts("tokens", message.tokens, message.n_tokens)
                })
        default: throw Flaw("", "has neither text nor tokens")
        }
    }

    func write(to writer: inout MessageWriter) {
        switch self {
        case .text(let text): writer.presentText(1, text)
        case .tokens(let tokens): writer.message(2) { $0.texts(1, tokens) }
        }
    }
}
