import Wire

/// What a collector takes: `ExportTraceServiceRequest` of the OpenTelemetry protocol, in protobuf.
/// https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
package enum SpanMessage {
    /// - Parameter resource: Who has made the spans, such as `service.name`.
    package static func bytes(_ spans: [Span], of resource: [Span.Attribute], version: String) -> [UInt8] {
        var writer = MessageWriter()
        // resource_spans
        writer.message(1) { writer in
            writer.message(1) { $0.write(resource, as: 1) }
            // scope_spans
            writer.message(2) { writer in
                writer.message(1) { writer in
                    writer.text(1, "dragoman")
                    writer.text(2, version)
                }
                for span in spans { writer.message(2) { $0.write(span) } }
            }
        }
        return writer.bytes
    }
}

extension MessageWriter {
    fileprivate mutating func write(_ attributes: [Span.Attribute], as field: UInt64) {
        for attribute in attributes {
            message(field) { writer in
                writer.text(1, attribute.name)
                writer.message(2) { writer in
                    switch attribute.value {
                    case .text(let text): writer.presentText(1, text)
                    case .number(let number): writer.presentNumber(3, min(number, UInt64(Int64.max)))
                    }
                }
            }
        }
    }

    fileprivate mutating func write(_ span: Span) {
        data(1, span.trace)
        data(2, span.id)
        data(4, span.parent)
        text(5, span.name)
        // SPAN_KIND_INTERNAL
        number(6, 1)
        fixed(7, span.start)
        fixed(8, span.end)
        write(span.attributes, as: 9)
        guard let problem = span.problem else { return }
        message(15) { writer in
            writer.text(2, problem)
            // STATUS_CODE_ERROR
            writer.number(3, 2)
        }
    }
}
