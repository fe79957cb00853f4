package dev.shadow.examples.drill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.shadow.examples.process.rpc.Json;
import dev.shadow.spi.failover.FailoverReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Follows the manager's events: tells them, remembers what matters, and wakes whoever waits. May be shared. */
final class EventDesk {
    private static final Pattern DATE = Pattern.compile("at (\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z)");

    private final Narrator narrator;
    private final LongSupplier nanos;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Seen seen = new Seen();

    EventDesk(Narrator narrator, LongSupplier nanos) {
        this.narrator = narrator;
        this.nanos = nanos;
    }

    /** What was seen up to now. Read under the desk's lock only, by a condition of {@link #await}. */
    static final class Seen {
        int managerStarts;
        String phase = "";
        String state = "";
        boolean isProtected;
        String replica = "";
        String activated = "";
        long lagBytes;

        @Nullable
        Instant predictedAt;

        @Nullable
        Instant standbyAt;

        @Nullable
        Instant decidedAt;

        @Nullable
        FailoverReport failover;

        int failoversStarted;
        String refusal = "";
        long events;
        long lastPhaseChange;
        private long lastProgress = Long.MIN_VALUE;
        private String lastProblem = "";
        private String standing = "";
        private Observed observed = new Observed("", Instant.EPOCH);
    }

    /** When a status of a replica was taken. */
    private record Observed(String replica, Instant at) {
        boolean isOlderThan(Observed other) {
            return replica.equals(other.replica) && at.isBefore(other.at);
        }
    }

    /** Copies of the times that a report tells. */
    record Times(Optional<Instant> predicted, Optional<Instant> decided, Optional<Instant> standby) {}

    Times times() {
        synchronized (lock) {
            return new Times(
                    Optional.ofNullable(seen.predictedAt),
                    Optional.ofNullable(seen.decidedAt),
                    Optional.ofNullable(seen.standbyAt));
        }
    }

    /** The newest problem that the manager reported; empty if there was none. */
    String lastProblem() {
        synchronized (lock) {
            return seen.lastProblem;
        }
    }

    /** How the replication stands, in a few words. */
    String standing() {
        synchronized (lock) {
            boolean ended =
                    seen.phase.equals("PROMOTED") || seen.state.equals("FAILED") || seen.state.equals("RETIRED");
            if (seen.phase.isEmpty() || ended || seen.failover != null) {
                return "";
            }
            return ", " + words(seen.phase) + " replication, " + bytes(seen.lagBytes) + " behind";
        }
    }

    Optional<FailoverReport> failover() {
        synchronized (lock) {
            return Optional.ofNullable(seen.failover);
        }
    }

    String replica() {
        synchronized (lock) {
            return seen.replica;
        }
    }

    /** The replica that became the primary; empty before. */
    String activated() {
        synchronized (lock) {
            return seen.activated;
        }
    }

    int managerStarts() {
        synchronized (lock) {
            return seen.managerStarts;
        }
    }

    /** Waits until the condition holds; false if it does not within the time. */
    boolean await(Duration timeout, Predicate<Seen> condition) throws InterruptedException {
        long deadline = nanos.getAsLong() + timeout.toNanos();
        synchronized (lock) {
            while (!condition.test(seen)) {
                long left = deadline - nanos.getAsLong();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
            return true;
        }
    }

    /** Takes one event. */
    void take(JsonNode event) {
        List<String[]> lines = new ArrayList<>();
        synchronized (lock) {
            seen.events++;
            remember(event, lines);
            lock.notifyAll();
        }
        lines.forEach(line -> narrator.say(line[0], line[1]));
        narrator.detail("event", event.toString());
    }

    @GuardedBy("lock")
    private void remember(JsonNode event, List<String[]> lines) {
        switch (event.path("event").asText()) {
            case "ManagerStarted" -> {
                seen.managerStarts++;
                say(lines, "manager", "watches the virtual machine and its hosts");
            }
            case "TriggerFired" -> {
                seen.predictedAt = Objects.requireNonNullElse(seen.predictedAt, at(event));
                say(lines, "forecast", inSeconds(event.path("evidence").asText(), at(event)));
            }
            case "TriggerReleased" ->
                say(
                        lines,
                        "forecast",
                        "the rise is over: " + event.path("evidence").asText());
            case "HostsSelected" -> {
                seen.decidedAt = Objects.requireNonNullElse(seen.decidedAt, at(event));
                selected(event.path("selection"), lines);
            }
            case "ReplicaChanged" -> replicaChanged(event, lines);
            case "SyncProgressed" -> progressed(event, lines);
            case "Protected" -> {
                seen.isProtected = true;
                seen.standing = "";
                say(lines, "manager", "protected: " + event.path("ready").asInt() + " shadow ready");
            }
            case "Unprotected" -> {
                seen.isProtected = false;
                String standing = event.path("ready").asInt() + " of "
                        + event.path("wanted").asInt() + " shadows ready";
                if (!standing.equals(seen.standing)) {
                    seen.standing = standing;
                    say(lines, "manager", "not protected: " + standing);
                }
            }
            case "HostVerdictChanged" -> {
                JsonNode health = event.path("health");
                String verdict = health.path("verdict").asText();
                if (verdict.equals("DEAD") || verdict.equals("SUSPECT")) {
                    say(
                            lines,
                            "detector",
                            "host " + health.path("host").path("value").asText() + " is "
                                    + verdict.toLowerCase(Locale.ROOT) + ": "
                                    + health.path("reasons").path(0).asText());
                }
            }
            case "FailoverStarted" -> {
                seen.failoversStarted++;
                say(
                        lines,
                        "failover",
                        "from host " + event.path("from").path("value").asText() + " to host "
                                + event.path("to").path("value").asText() + ": "
                                + event.path("reason").asText());
            }
            case "FailoverStepTaken" -> {
                JsonNode step = event.path("step");
                Duration took = Duration.parse(step.path("duration").asText("PT0S"));
                String detail = step.path("detail").asText();
                say(
                        lines,
                        "failover",
                        String.format(
                                Locale.ROOT,
                                "%-10s %6.1f ms  %s",
                                step.path("step").asText().toLowerCase(Locale.ROOT),
                                DrillReport.millis(took),
                                detail));
            }
            case "FailoverEnded" -> failoverEnded(event, lines);
            case "ProblemReported" -> {
                String problem = event.path("problem").asText();
                if (!problem.equals(seen.lastProblem)) {
                    seen.lastProblem = problem;
                    say(lines, "problem", problem);
                }
            }
            default -> {
                // The others say what was ordered, which whoever ordered it knows.
            }
        }
    }

    @GuardedBy("lock")
    private void selected(JsonNode selection, List<String[]> lines) {
        for (JsonNode choice : selection.path("choices")) {
            say(lines, "placement", "host " + choice.path("host").path("value").asText() + " is chosen for the shadow");
        }
        for (JsonNode assessment : selection.path("assessments").path(0)) {
            for (JsonNode rejection : assessment.path("rejections")) {
                say(
                        lines,
                        "placement",
                        "host " + assessment.path("host").path("value").asText() + " is not: "
                                + rejection.path("explanation").asText());
                break;
            }
        }
    }

    @GuardedBy("lock")
    private void replicaChanged(JsonNode event, List<String[]> lines) {
        JsonNode replica = event.path("replica");
        String state = replica.path("state").asText();
        if (state.equals(seen.state)
                && replica.path("id").path("value").asText().equals(seen.replica)) {
            return;
        }
        seen.state = state;
        seen.replica = replica.path("id").path("value").asText();
        follow(replica);
        String where =
                seen.replica + " on host " + replica.path("host").path("value").asText();
        switch (state) {
            case "WARMING" -> {
                seen.decidedAt = Objects.requireNonNullElse(seen.decidedAt, at(event));
                say(lines, "shadow", where + " is warming: first copy of the disk");
            }
            case "STANDBY" -> {
                seen.standbyAt = Objects.requireNonNullElse(seen.standbyAt, at(event));
                say(
                        lines,
                        "shadow",
                        where + " stands by, epoch "
                                + replica.path("sync").path("committedEpoch").asText());
            }
            case "ACTIVE" -> {
                seen.activated = seen.replica;
                say(lines, "shadow", where + " is the primary now");
            }
            default -> {
                String reason = replica.path("reason").asText();
                say(
                        lines,
                        "shadow",
                        where + " is " + state.toLowerCase(Locale.ROOT) + (reason.isEmpty() ? "" : ": " + reason));
            }
        }
    }

    @GuardedBy("lock")
    private void progressed(JsonNode event, List<String[]> lines) {
        JsonNode sync = event.path("replica").path("sync");
        String before = seen.phase;
        follow(event.path("replica"));
        if (!seen.phase.equals(before)) {
            seen.lastPhaseChange = nanos.getAsLong();
            String detail = sync.path("detail").asText();
            say(lines, "sync", words(seen.phase) + (detail.isEmpty() ? "" : ": " + detail));
        } else if (seen.phase.equals("SEEDING") && nanos.getAsLong() - seen.lastProgress > 500_000_000L) {
            seen.lastProgress = nanos.getAsLong();
            say(
                    lines,
                    "sync",
                    "first copy: " + bytes(sync.path("sentBytes").asLong()) + " sent, "
                            + bytes((long) sync.path("bytesPerSecond").asDouble()) + "/s");
        }
    }

    /** Takes a status over, unless a newer one of the replica was seen: events of its state carry older ones. */
    @GuardedBy("lock")
    private void follow(JsonNode replica) {
        JsonNode sync = replica.path("sync");
        Observed observed = new Observed(
                replica.path("id").path("value").asText(),
                Instant.parse(sync.path("observedAt").asText()));
        if (!observed.isOlderThan(seen.observed)) {
            seen.observed = observed;
            seen.phase = sync.path("phase").asText();
            seen.lagBytes = sync.path("lagBytes").asLong();
        }
    }

    @GuardedBy("lock")
    private void failoverEnded(JsonNode event, List<String[]> lines) {
        try {
            FailoverReport report = Json.value(event.path("report"), FailoverReport.class);
            if (report.outcome() == FailoverReport.Outcome.SUCCEEDED) {
                seen.failover = report;
            } else {
                seen.refusal = report.outcome() + ": " + report.reason();
            }
            say(
                    lines,
                    "failover",
                    String.format(
                                    Locale.ROOT,
                                    "%s in %.1f ms",
                                    report.outcome().name().toLowerCase(Locale.ROOT),
                                    DrillReport.millis(report.rto()))
                            + (report.outcome() == FailoverReport.Outcome.SUCCEEDED ? "" : ": " + report.reason()));
        } catch (JsonProcessingException e) {
            seen.refusal = "the report was not understood: " + e.getOriginalMessage();
        }
    }

    private static void say(List<String[]> lines, String who, String what) {
        lines.add(new String[] {who, what});
    }

    private static Instant at(JsonNode event) {
        return Instant.parse(event.path("at").asText());
    }

    private static String words(String phase) {
        return phase.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Without the technicalities that follow the first clause, and with a time from now instead of a date. */
    private static String inSeconds(String evidence, Instant now) {
        int end = evidence.indexOf(';');
        Matcher date = DATE.matcher(end < 0 ? evidence : evidence.substring(0, end));
        return date.replaceFirst(found -> String.format(
                Locale.ROOT,
                "in %.1f s",
                Duration.between(now, Instant.parse(found.group(1))).toMillis() / 1000.0));
    }

    static String bytes(long bytes) {
        if (bytes < 10_000) {
            return bytes + " B";
        }
        return bytes < 10_000_000 ? bytes / 1000 + " kB" : bytes / 1_000_000 + " MB";
    }
}
