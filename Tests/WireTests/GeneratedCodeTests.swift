import CWire
import Testing

@Suite("The generated code has none of what protobuf-c does badly")
struct GeneratedCodeTests {
    /// All messages that an envelope or a store can have.
    private static var messages: [String: ProtobufCMessageDescriptor] {
        var found: [String: ProtobufCMessageDescriptor] = [:]
        var waiting = [
            wire__envelope__descriptor, wire__job_plan__descriptor, wire__chunk_outputs__descriptor,
        ]
        while let descriptor = waiting.popLast() {
            guard found.updateValue(descriptor, forKey: String(cString: descriptor.name)) == nil else { continue }
            for field in fields(of: descriptor) where field.type == PROTOBUF_C_TYPE_MESSAGE {
                waiting.append(field.descriptor.load(as: ProtobufCMessageDescriptor.self))
            }
        }
        return found
    }

    private static func fields(of descriptor: ProtobufCMessageDescriptor) -> UnsafeBufferPointer<
        ProtobufCFieldDescriptor
    > {
        UnsafeBufferPointer(start: descriptor.fields, count: Int(descriptor.n_fields))
    }

    @Test("no text is a C string")
    func noStrings() {
        for (name, descriptor) in Self.messages {
            for field in Self.fields(of: descriptor) {
                #expect(field.type != PROTOBUF_C_TYPE_STRING, "\(name).\(String(cString: field.name))")
            }
        }
    }

    @Test("no message can be merged with an earlier one")
    func noMerging() {
        let oneof = UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue)
        for (name, descriptor) in Self.messages {
            for field in Self.fields(of: descriptor) where field.type == PROTOBUF_C_TYPE_MESSAGE {
                let isSafe = field.label == PROTOBUF_C_LABEL_REPEATED || field.flags & oneof != 0
                #expect(isSafe, "\(name).\(String(cString: field.name))")
            }
        }
    }

    @Test("no message contains itself")
    func noRecursion() {
        func depth(_ descriptor: ProtobufCMessageDescriptor, _ outer: [String]) -> Int {
            let name = String(cString: descriptor.name)
            guard !outer.contains(name) else {
                Issue.record("\(name) contains itself")
                return 0
            }
            return 1
                + (Self.fields(of: descriptor).filter { $0.type == PROTOBUF_C_TYPE_MESSAGE }.map {
                    depth($0.descriptor.load(as: ProtobufCMessageDescriptor.self), outer + [name])
                }.max() ?? 0)
        }
        #expect(depth(wire__envelope__descriptor, []) <= 7)
    }
}
