package dev.shadow.examples.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shadow.examples.process.rpc.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EventDeskTest {
    private final StringWriter told = new StringWriter();
    private final EventDesk desk = new EventDesk(Narrator.to(new PrintWriter(told), () -> 0, false), () -> 0);

    @Test
    void changeOfStateWithAnOlderStatusDoesNotUndoANewerPhase() throws Exception {
        desk.take(event("SyncProgressed", "r1", "WARMING", "ASYNCHRONOUS", 1));
        desk.take(event("SyncProgressed", "r1", "WARMING", "SYNCHRONOUS", 3));
        desk.take(event("ReplicaChanged", "r1", "STANDBY", "ASYNCHRONOUS", 2));

        assertThat(desk.await(Duration.ZERO, seen -> seen.state.equals("STANDBY") && seen.phase.equals("SYNCHRONOUS")))
                .isTrue();
    }

    @Test
    void anotherReplicaBeginsAnew() throws Exception {
        desk.take(event("SyncProgressed", "r1", "STANDBY", "SYNCHRONOUS", 3));
        desk.take(event("ReplicaChanged", "r2", "WARMING", "OPENED", 2));

        assertThat(desk.await(Duration.ZERO, seen -> seen.phase.equals("OPENED")))
                .isTrue();
    }

    @Test
    void failedReplicaDoesNotStandBehindAnything() throws Exception {
        desk.take(event("SyncProgressed", "r1", "STANDBY", "SYNCHRONOUS", 1));
        assertThat(desk.standing()).contains("synchronous replication");

        desk.take(event("ReplicaChanged", "r1", "FAILED", "SYNCHRONOUS", 2));

        assertThat(desk.standing()).isEmpty();
    }

    private static JsonNode event(String type, String replica, String state, String phase, int second)
            throws Exception {
        return Json.read("""
                {"event": "%s", "at": "2026-01-01T00:00:0%dZ", "replica": {
                  "id": {"value": "%s"}, "host": {"value": "b1"}, "state": "%s", "reason": "",
                  "sync": {"phase": "%s", "lagBytes": 0, "observedAt": "2026-01-01T00:00:0%dZ", "detail": ""}}}
                """.formatted(type, second, replica, state, phase, second), JsonNode.class);
    }
}
