import JobModel
import Wire

/// What libFuzzer calls with each input that it makes up.
@_cdecl("LLVMFuzzerTestOneInput")
public func decodeAnything(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let limit = 1 << 16
    do throws(WireError) {
        var decoder = try EnvelopeDecoder(frameSizeLimit: limit)
        let envelope = try decoder.decode(UnsafeRawBufferPointer(start: start, count: count))
        let said = envelope.encoded()
        guard said.count <= limit else { return 0 }
        // Bytes, because not-a-numbers equal nothing.
        let again = try decoder.decode(said).encoded()
        precondition(again == said, "what was understood is not what is said again")
    } catch {
        precondition(!error.fault.message.isEmpty && error.answer.encoded().count < 1000)
    }
    return 0
}
