internal import JobModel

/// This program's own interface as OpenAPI 3.1.
package enum OpenAPI {
    package static func text(version: String) -> [UInt8] {
        Array(template.replacing("@VERSION@", with: version).replacing("@OPTIONS@", with: options).utf8)
    }

    /// The properties that a job's search options are.
    private static var options: String {
        SearchOption.table.map { "\"\($0.name.key)\": \($0.schema)" }.joined(separator: ",\n              ")
    }

    private static let template = #"""
        {
          "openapi": "3.1.0",
          "info": {
            "title": "Dragoman",
            "version": "@VERSION@",
            "description": "Translation jobs over HTTP: submit them, look at them, and read their results in order."
          },
          "security": [{}, {"key": []}],
          "paths": {
            "/v1/jobs": {
              "post": {
                "operationId": "submit",
                "summary": "Submit a job, or several. To submit a job again with its id changes nothing.",
                "requestBody": {
                  "required": true,
                  "content": {
                    "application/json": {
                      "schema": {"anyOf": [{"$ref": "#/components/schemas/Job"}, {"$ref": "#/components/schemas/Jobs"}]}
                    }
                  }
                },
                "responses": {
                  "200": {
                    "description": "Of one job: it had been accepted before. Of several: what became of each.",
                    "content": {
                      "application/json": {
                        "schema": {
                          "anyOf": [{"$ref": "#/components/schemas/Verdict"}, {"$ref": "#/components/schemas/Verdicts"}]
                        }
                      }
                    }
                  },
                  "202": {
                    "description": "The job is on the broker's disk.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Verdict"}}}
                  },
                  "409": {"$ref": "#/components/responses/Error"},
                  "413": {"$ref": "#/components/responses/Error"},
                  "default": {"$ref": "#/components/responses/Error"}
                }
              }
            },
            "/v1/jobs/{id}": {
              "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/AnyJobID"}}],
              "get": {
                "operationId": "job",
                "summary": "What the broker knows of a job; its result too, if it has ended and the result is kept.",
                "responses": {
                  "200": {
                    "description": "The job.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}}
                  },
                  "404": {"$ref": "#/components/responses/Error"},
                  "default": {"$ref": "#/components/responses/Error"}
                }
              },
              "delete": {
                "operationId": "cancel",
                "summary": "Cancel a job that has not ended.",
                "responses": {
                  "200": {
                    "description": "Its state afterwards.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Cancelled"}}}
                  },
                  "404": {"$ref": "#/components/responses/Error"},
                  "default": {"$ref": "#/components/responses/Error"}
                }
              }
            },
            "/v1/results": {
              "parameters": [
                {
                  "name": "consumer",
                  "in": "query",
                  "required": true,
                  "description": "The broker keeps a place in the results for each name.",
                  "schema": {"type": "string", "minLength": 1, "maxLength": 128}
                }
              ],
              "get": {
                "operationId": "results",
                "summary": "Read results in order, as server-sent events, from the first that was not acknowledged.",
                "parameters": [
                  {"name": "from", "in": "query", "schema": {"type": "integer", "minimum": 1}},
                  {"name": "Last-Event-ID", "in": "header", "schema": {"type": "integer", "minimum": 0}}
                ],
                "responses": {
                  "200": {
                    "description": "Events named record, whose id is the record's number and whose data is a Record; and, before the stream ends for a reason, one named error.",
                    "content": {"text/event-stream": {"schema": {"type": "string"}}}
                  },
                  "default": {"$ref": "#/components/responses/Error"}
                }
              },
              "post": {
                "operationId": "acknowledge",
                "summary": "Acknowledge results up to one. Those that are not acknowledged come again to the next reader.",
                "requestBody": {
                  "required": true,
                  "content": {
                    "application/json": {
                      "schema": {
                        "type": "object",
                        "required": ["acknowledge"],
                        "properties": {"acknowledge": {"type": "integer", "minimum": 1}}
                      }
                    }
                  }
                },
                "responses": {
                  "204": {"description": "The acknowledgement is on its way."},
                  "409": {"$ref": "#/components/responses/Error"},
                  "default": {"$ref": "#/components/responses/Error"}
                }
              }
            },
            "/v1/status": {
              "get": {
                "operationId": "status",
                "summary": "The broker at a glance.",
                "responses": {
                  "200": {
                    "description": "As dragoman status --json has it.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Status"}}}
                  },
                  "default": {"$ref": "#/components/responses/Error"}
                }
              }
            },
            "/v1/status/events": {
              "get": {
                "operationId": "statusEvents",
                "summary": "The broker at a glance, each second, as server-sent events, until the client or the gateway ends.",
                "responses": {
                  "200": {
                    "description": "Events named status, whose data is as that of /v1/status; and, while the broker cannot be asked, events named error, whose data is an Error.",
                    "content": {"text/event-stream": {"schema": {"type": "string"}}}
                  },
                  "default": {"$ref": "#/components/responses/Error"}
                }
              }
            },
            "/v1/dead": {
              "get": {
                "operationId": "dead",
                "summary": "Dead jobs, in the order of their death.",
                "parameters": [
                  {
                    "name": "after",
                    "in": "query",
                    "description": "Those that died after this record: the sequence of the last one lists the next ones.",
                    "schema": {"type": "integer", "minimum": 0, "maximum": 9223372036854775807}
                  },
                  {
                    "name": "limit",
                    "in": "query",
                    "description": "100, unless it is given.",
                    "schema": {"type": "integer", "minimum": 1, "maximum": 1000}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "Each with its error.",
                    "content": {
                      "application/json": {
                        "schema": {
                          "type": "object",
                          "required": ["jobs"],
                          "properties": {"jobs": {"type": "array", "items": {"$ref": "#/components/schemas/Report"}}}
                        }
                      }
                    }
                  },
                  "default": {"$ref": "#/components/responses/Error"}
                }
              }
            },
            "/v1/dead/retry": {
              "post": {
                "operationId": "retryDead",
                "summary": "Submit dead jobs again, under new ids.",
                "requestBody": {"$ref": "#/components/requestBodies/Dead"},
                "responses": {
                  "200": {
                    "description": "The new jobs. An id that is not of a dead job is left out.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/DeadAnswer"}}}
                  },
                  "default": {"$ref": "#/components/responses/Error"}
                }
              }
            },
            "/v1/dead/drop": {
              "post": {
                "operationId": "dropDead",
                "summary": "Take jobs off the list of the dead. Their records stay in the results.",
                "requestBody": {"$ref": "#/components/requestBodies/Dead"},
                "responses": {
                  "200": {
                    "description": "Those that were on the list.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/DeadAnswer"}}}
                  },
                  "default": {"$ref": "#/components/responses/Error"}
                }
              }
            },
            "/v1/openapi.json": {
              "get": {
                "operationId": "specification",
                "summary": "This file.",
                "responses": {
                  "200": {
                    "description": "OpenAPI 3.1.",
                    "content": {"application/json": {"schema": {"type": "object"}}}
                  }
                }
              }
            }
          },
          "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "requestBodies": {
              "Dead": {
                "required": true,
                "content": {
                  "application/json": {
                    "schema": {
                      "type": "object",
                      "required": ["job_ids"],
                      "properties": {
                        "job_ids": {
                          "type": "array",
                          "minItems": 1,
                          "maxItems": 1000,
                          "items": {"$ref": "#/components/schemas/AnyJobID"}
                        }
                      },
                      "additionalProperties": false
                    }
                  }
                }
              }
            },
            "responses": {
              "Error": {
                "description": "What is wrong, and what to do.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
              }
            },
            "schemas": {
              "JobID": {"description": "As the broker writes it.", "type": "string", "pattern": "^[0-9a-f]{32}$"},
              "AnyJobID": {
                "description": "32 hexadecimal digits, or a UUID.",
                "type": "string",
                "pattern": "^([0-9a-fA-F]{32}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$"
              },
              "Job": {
                "type": "object",
                "description": "As dragoman submit --input-format jsonl reads it: a source, which model translates it, and search options.",
                "properties": {
                  "job_id": {"description": "Random, unless it is given.", "anyOf": [{"$ref": "#/components/schemas/AnyJobID"}, {"type": "null"}]},
                  "text": {"description": "One text.", "type": ["string", "null"]},
                  "tokens": {"description": "One sentence, in tokens.", "type": ["array", "null"], "items": {"type": "string"}},
                  "texts": {"description": "Several texts.", "type": ["array", "null"], "minItems": 1, "items": {"type": "string"}},
                  "model": {"description": "Not needed where there is one, or with both languages.", "type": ["string", "null"]},
                  "source_language": {"type": ["string", "null"]},
                  "target_language": {"type": ["string", "null"]},
                  "priority": {"description": "3: a person waits.", "type": ["integer", "null"], "minimum": 0, "maximum": 3},
                  "deadline_ms": {"description": "How long the result is of use.", "type": ["integer", "null"], "minimum": 1},
                  "max_attempts": {"description": "How often a part of it may be begun.", "type": ["integer", "null"], "minimum": 1, "maximum": 100},
                  "topic": {"description": "A word for observers.", "type": ["string", "null"], "maxLength": 255},
                  "trace": {"description": "W3C traceparent, repeated in the record; without it, the header of the request.", "type": ["string", "null"], "maxLength": 128},
                  "partial_results": {"description": "Whether parts have records of their own.", "type": ["boolean", "null"]},
                  "glossary": {
                    "description": "How terms are translated: a target for each source. One that is empty, or the source, says that it is not translated.",
                    "type": ["object", "null"],
                    "additionalProperties": {"type": "string"}
                  },
                  "glossary_name": {"description": "The name of a glossary that the broker keeps, instead of glossary.", "type": ["string", "null"], "maxLength": 128},
                  @OPTIONS@
                },
                "oneOf": [
                  {
                    "required": ["text"],
                    "properties": {"text": {"type": "string"}, "tokens": {"type": "null"}, "texts": {"type": "null"}}
                  },
                  {
                    "required": ["tokens"],
                    "properties": {"tokens": {"type": "array"}, "text": {"type": "null"}, "texts": {"type": "null"}}
                  },
                  {
                    "required": ["texts"],
                    "properties": {"texts": {"type": "array"}, "text": {"type": "null"}, "tokens": {"type": "null"}}
                  }
                ],
                "additionalProperties": false
              },
              "Jobs": {
                "type": "object",
                "required": ["jobs"],
                "properties": {"jobs": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Job"}}},
                "additionalProperties": false
              },
              "Verdict": {
                "type": "object",
                "required": ["job_id", "accepted", "duplicate"],
                "properties": {
                  "job_id": {"$ref": "#/components/schemas/JobID"},
                  "accepted": {"type": "boolean"},
                  "duplicate": {"type": "boolean"},
                  "error": {"$ref": "#/components/schemas/Failure"}
                }
              },
              "Verdicts": {
                "type": "object",
                "required": ["jobs"],
                "properties": {"jobs": {"type": "array", "items": {"$ref": "#/components/schemas/Verdict"}}}
              },
              "State": {"enum": ["queued", "running", "done", "dead", "expired", "cancelled"]},
              "Report": {
                "type": "object",
                "required": ["job_id", "state"],
                "properties": {
                  "job_id": {"$ref": "#/components/schemas/JobID"},
                  "state": {"$ref": "#/components/schemas/State"},
                  "result": {"$ref": "#/components/schemas/Record"}
                }
              },
              "Record": {
                "type": "object",
                "required": ["sequence", "job_id", "state"],
                "properties": {
                  "sequence": {"type": "integer"},
                  "job_id": {"$ref": "#/components/schemas/JobID"},
                  "state": {"$ref": "#/components/schemas/State"},
                  "outputs": {
                    "type": "array",
                    "items": {
                      "type": "object",
                      "properties": {
                        "hypotheses": {
                          "type": "array",
                          "items": {
                            "type": "object",
                            "properties": {"text": {"type": "string"}, "score": {"type": "number"}}
                          }
                        },
                        "confidence": {"description": "How sure the model was of the best translation, 0 to 1: of its segments the lowest.", "type": "number"},
                        "suspicious": {"description": "Why the first output looked wrong; the better of two is here.", "type": "string", "enum": ["repetition", "length", "copy", "script"]},
                        "glossary_hits": {"description": "How many terms of the glossary are translated as it says.", "type": "integer"},
                        "glossary_misses": {"description": "The sources of those that are not.", "type": "array", "items": {"type": "string"}}
                      }
                    }
                  },
                  "error": {"$ref": "#/components/schemas/Failure"}
                }
              },
              "Status": {
                "type": "object",
                "description": "Members that an older broker does not know of are 0, or absent. Totals are since the broker's start.",
                "required": ["endpoint", "version", "epoch", "uptime_ms", "queued_jobs", "workers", "models", "consumers"],
                "properties": {
                  "endpoint": {"type": "string"},
                  "version": {"type": "string"},
                  "epoch": {"description": "Grows by one at every start of the broker.", "type": "integer"},
                  "uptime_ms": {"type": "integer"},
                  "draining": {"type": "boolean"},
                  "refusal": {"description": "Why no new job is accepted; empty: jobs are accepted.", "type": "string"},
                  "tenant": {"description": "Whose numbers these are, unless all_tenants is true.", "type": "string"},
                  "all_tenants": {"type": "boolean"},
                  "queued_jobs": {"type": "integer"},
                  "queued_chunks": {"type": "integer"},
                  "leased_chunks": {"type": "integer"},
                  "queued_bytes": {"type": "integer"},
                  "dead_jobs": {"type": "integer"},
                  "oldest_queued_ms": {"description": "How old the oldest job is that waits for a worker, with all of it or a part; 0: none does.", "type": "integer"},
                  "accepted_total": {"type": "integer"},
                  "rejected_total": {"type": "integer"},
                  "done_total": {"type": "integer"},
                  "failed_total": {"description": "Dead.", "type": "integer"},
                  "expired_total": {"type": "integer"},
                  "cancelled_total": {"type": "integer"},
                  "leases_lost_total": {"description": "Taken back from workers that died, or did not answer.", "type": "integer"},
                  "source_tokens_total": {"type": "integer"},
                  "sentences_total": {"type": "integer"},
                  "job_wait": {"description": "From acceptance to the first worker.", "$ref": "#/components/schemas/Latency"},
                  "job_duration": {"description": "From acceptance to being done.", "$ref": "#/components/schemas/Latency"},
                  "last_sequence": {"description": "The newest record of tenant.", "type": "integer"},
                  "log_id": {"type": "string"},
                  "worker_count": {"type": "integer"},
                  "workers": {"type": "array", "items": {"type": "object"}},
                  "models": {"type": "array", "items": {"type": "object"}},
                  "consumers": {
                    "type": "array",
                    "items": {
                      "type": "object",
                      "required": ["name", "acknowledged", "last_sequence", "lag_records", "attached"],
                      "properties": {
                        "name": {"type": "string"},
                        "tenant": {"type": "string"},
                        "acknowledged": {"type": "integer"},
                        "last_sequence": {"type": "integer"},
                        "lag_records": {"description": "Records that it has not acknowledged; 0 before its first acknowledgement, as the broker keeps nothing for it until then.", "type": "integer"},
                        "attached": {"type": "boolean"},
                        "absent_ms": {"type": "integer"},
                        "abandoned": {"type": "boolean"}
                      }
                    }
                  }
                }
              },
              "Latency": {
                "type": "object",
                "description": "How long jobs took, of those of the last five to ten minutes: what so many of a hundred did not exceed, at most a tenth too large up to 28 hours; what is longer counts as that.",
                "required": ["count", "p50_ms", "p90_ms", "p99_ms"],
                "properties": {
                  "count": {"description": "0: there was no such job, and the other members mean nothing.", "type": "integer"},
                  "p50_ms": {"type": "integer"},
                  "p90_ms": {"type": "integer"},
                  "p99_ms": {"type": "integer"}
                }
              },
              "Cancelled": {
                "type": "object",
                "required": ["job_id", "state"],
                "properties": {
                  "job_id": {"$ref": "#/components/schemas/JobID"},
                  "state": {"$ref": "#/components/schemas/State"}
                }
              },
              "DeadAnswer": {
                "type": "object",
                "required": ["jobs"],
                "properties": {
                  "jobs": {
                    "type": "array",
                    "items": {
                      "type": "object",
                      "required": ["job_id"],
                      "properties": {
                        "job_id": {"$ref": "#/components/schemas/JobID"},
                        "retry_of": {"$ref": "#/components/schemas/JobID"}
                      }
                    }
                  }
                }
              },
              "Failure": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {"code": {"type": "string"}, "message": {"type": "string"}}
              },
              "Error": {
                "type": "object",
                "required": ["error"],
                "properties": {"error": {"$ref": "#/components/schemas/Failure"}}
              }
            }
          }
        }
        """#
}

extension SearchOption {
    /// What JSON has for a value. Null is as if it were not there.
    fileprivate var schema: String {
        let form =
            switch field {
            case .integer: #""type": ["integer", "null"]"#
            case .seed: #""type": ["integer", "null"], "minimum": 0"#
            case .number: #""type": ["number", "null"]"#
            case .flag: #""type": ["boolean", "null"]"#
            case .text: #""type": ["string", "null"]"#
            case .texts: #""type": ["array", "null"], "items": {"type": "string"}"#
            case .source: #""type": ["string", "array", "null"], "items": {"type": "string"}"#
            case .rule: Self.words(EarlyStoppingRule.allCases)
            case .split: Self.words(SplitRule.allCases)
            case .markup: Self.words(MarkupLanguage.allCases)
            }
        return #"{"description": \#(String(decoding: WebResponse.encoded(help), as: UTF8.self)), \#(form)}"#
    }

    private static func words<Rule: RawRepresentable<String>>(_ rules: [Rule]) -> String {
        #""enum": [\#(rules.map { "\"\($0.rawValue)\", " }.joined())null]"#
    }
}
