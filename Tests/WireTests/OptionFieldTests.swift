import CWire
import JobModel
import Testing

/// The table of options and the published protocol name the same options, by the same numbers and types.
@Suite struct OptionFieldTests {
    private var fields: UnsafeBufferPointer<ProtobufCFieldDescriptor> {
        UnsafeBufferPointer(start: wire__options__descriptor.fields, count: Int(wire__options__descriptor.n_fields))
    }

    @Test func `every option is a field of the protocol, and every field is an option`() {
        let rows = SearchOption.table.map { "\($0.number) \($0.name.key)" }
        #expect(rows == fields.map { "\($0.id) \(String(cString: $0.name))" })
    }

    @Test func `an option's field has the option's type`() {
        for (option, field) in zip(SearchOption.table, fields) {
            let type =
                switch option.field {
                case .integer: PROTOBUF_C_TYPE_UINT32
                case .number: PROTOBUF_C_TYPE_FLOAT
                case .seed: PROTOBUF_C_TYPE_UINT64
                case .flag: PROTOBUF_C_TYPE_BOOL
                case .rule, .split, .markup: PROTOBUF_C_TYPE_ENUM
                // Texts too: see Scripts/protos.
                case .text, .texts: PROTOBUF_C_TYPE_BYTES
                case .source: PROTOBUF_C_TYPE_MESSAGE
                }
            #expect(field.type == type, "\(option.name.key)")
        }
    }

    @Test func `the numbers are in order, and no number or name is there twice`() {
        #expect(zip(SearchOption.table, SearchOption.table.dropFirst()).allSatisfy { $0.number < $1.number })
        #expect(Set(SearchOption.table.map(\.name.key)).count == SearchOption.table.count)
    }
}
