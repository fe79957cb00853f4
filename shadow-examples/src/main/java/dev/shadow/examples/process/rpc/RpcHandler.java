package dev.shadow.examples.process.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Answers the calls of another process. Called on an executor; calls may overlap. */
@FunctionalInterface
public interface RpcHandler {
    /**
     * Answers one call.
     *
     * @return what is written as JSON into the answer
     * @throws Exception {@code SpiException} and {@code StaleGenerationException} reach the caller as what they
     *     are, {@code IllegalArgumentException} and everything else as a permanent refusal
     */
    @Nullable
    Object handle(String method, JsonNode params) throws Exception;

    /** Takes notice of something that wants no answer; called on the reading thread, so it must not block. */
    default void told(String topic, JsonNode params) {}

    /** Refuses every call. */
    RpcHandler NONE = (method, params) -> {
        throw new IllegalArgumentException("method must be one that is known here, was " + method);
    };
}
