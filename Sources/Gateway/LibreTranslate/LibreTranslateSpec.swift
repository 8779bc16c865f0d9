/// The interface as Swagger 2.0, which clients look at to find out whether this is a LibreTranslate server.
enum LibreTranslateSpec {
    static func text(version: String) -> [UInt8] { Array(template.replacing("@VERSION@", with: version).utf8) }

    private static let template = #"""
        {
          "swagger": "2.0",
          "info": {"title": "LibreTranslate", "version": "@VERSION@"},
          "basePath": "/",
          "consumes": ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
          "produces": ["application/json"],
          "paths": {
            "/translate": {
              "post": {
                "summary": "Translate texts",
                "parameters": [
                  {"in": "formData", "name": "q", "type": "string", "required": true},
                  {"in": "formData", "name": "source", "type": "string", "required": true},
                  {"in": "formData", "name": "target", "type": "string", "required": true},
                  {"in": "formData", "name": "format", "type": "string", "enum": ["text", "html"], "default": "text"},
                  {"in": "formData", "name": "alternatives", "type": "integer", "default": 0},
                  {"in": "formData", "name": "api_key", "type": "string"}
                ],
                "responses": {
                  "200": {"description": "Translated texts", "schema": {"$ref": "#/definitions/translate"}},
                  "400": {"description": "Invalid request", "schema": {"$ref": "#/definitions/error-response"}},
                  "403": {"description": "Invalid key", "schema": {"$ref": "#/definitions/error-response"}},
                  "429": {"description": "Slow down", "schema": {"$ref": "#/definitions/error-response"}},
                  "500": {"description": "Translation error", "schema": {"$ref": "#/definitions/error-response"}}
                }
              }
            },
            "/detect": {
              "post": {
                "summary": "Detect the language of a text",
                "parameters": [
                  {"in": "formData", "name": "q", "type": "string", "required": true},
                  {"in": "formData", "name": "api_key", "type": "string"}
                ],
                "responses": {
                  "200": {"description": "Detections", "schema": {"$ref": "#/definitions/detections"}},
                  "400": {"description": "Invalid request", "schema": {"$ref": "#/definitions/error-response"}}
                }
              }
            },
            "/languages": {
              "get": {
                "summary": "List languages",
                "responses": {"200": {"description": "Languages", "schema": {"$ref": "#/definitions/languages"}}}
              }
            },
            "/frontend/settings": {
              "get": {"summary": "Settings of this server", "responses": {"200": {"description": "Settings"}}}
            },
            "/health": {"get": {"summary": "Whether it serves", "responses": {"200": {"description": "It does"}}}}
          },
          "definitions": {
            "translate": {
              "type": "object",
              "properties": {
                "translatedText": {"type": "string"},
                "detectedLanguage": {"$ref": "#/definitions/detection"},
                "alternatives": {"type": "array", "items": {"type": "string"}}
              }
            },
            "detection": {
              "type": "object",
              "properties": {"confidence": {"type": "number"}, "language": {"type": "string"}}
            },
            "detections": {"type": "array", "items": {"$ref": "#/definitions/detection"}},
            "languages": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "code": {"type": "string"},
                  "name": {"type": "string"},
                  "targets": {"type": "array", "items": {"type": "string"}}
                }
              }
            },
            "error-response": {"type": "object", "properties": {"error": {"type": "string"}}}
          }
        }
        """#
}
