package dev.shadow.core.internal.document;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.FailoverReport.StepReport;
import dev.shadow.spi.failover.FailoverStep;
import dev.shadow.spi.failover.FenceReport;
import dev.shadow.spi.sync.Promotion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A failover that is under way. Owned by the work on its machine. */
public final class FailoverRun {
    /** The virtual machine. */
    public final VmId vm;

    /** Number of this failover among those of the machine; part of every key. */
    public final long number;

    /** The old primary. */
    public final Serving from;

    /** The shadow that takes over. */
    public final Serving to;

    /** The generation that the shadow gets. */
    public final Generation generation;

    /** Why. */
    public final String reason;

    /** When the failure was detected or the failover ordered. */
    public final Instant detectedAt;

    /** The step that is next or under way. */
    public FailoverStep step = FailoverStep.FENCE;

    /** When that step was first tried. */
    public Optional<Instant> stepStartedAt = Optional.empty();

    /** How often that step was tried. */
    public int attempts;

    /** Whether the failover was reported as held up. */
    public boolean heldUp;

    /** The step that was taken and whose functions may not have run after it; empty if they have. */
    public Optional<FailoverStep> owed = Optional.empty();

    /** Steps that were taken. */
    public final List<StepReport> steps = new ArrayList<>();

    /** What the fencing device said. */
    public Optional<FenceReport> fence = Optional.empty();

    /** What the replica became. */
    public Optional<Promotion> promotion = Optional.empty();

    /** Where the new primary answers. */
    public Optional<Endpoint> endpoint = Optional.empty();

    /** Whether the replica held every acknowledged write. */
    public boolean kept;

    /** Returns a failover that is about to begin. */
    public FailoverRun(
            VmId vm, long number, Serving from, Serving to, Generation generation, String reason, Instant detectedAt) {
        this.vm = vm;
        this.number = number;
        this.from = from;
        this.to = to;
        this.generation = generation;
        this.reason = reason;
        this.detectedAt = detectedAt;
    }

    /** Returns the run as text. */
    public String write() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("vm", vm.value()).put("number", number);
        node.set("from", from.write());
        node.set("to", to.write());
        node.put("generation", generation.value());
        node.put("reason", reason);
        node.put("detectedAt", detectedAt.toString());
        node.put("step", step.name());
        stepStartedAt.ifPresent(at -> node.put("stepStartedAt", at.toString()));
        node.put("attempts", attempts);
        node.put("heldUp", heldUp);
        owed.ifPresent(taken -> node.put("owed", taken.name()));
        ArrayNode taken = node.putArray("steps");
        steps.forEach(s -> taken.add(ReportDocument.write(s)));
        fence.ifPresent(f -> node.set("fence", ReportDocument.write(f)));
        promotion.ifPresent(p -> node.set("promotion", ReportDocument.write(p)));
        endpoint.ifPresent(e -> node.set(
                "endpoint",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("address", e.address())
                        .put("port", e.port())));
        node.put("kept", kept);
        return node.toString();
    }

    /** Reads a run. */
    public static FailoverRun read(String json) {
        return Documents.read("record of a failover", json, FailoverRun::read);
    }

    private static FailoverRun read(Fields fields) {
        FailoverRun run = new FailoverRun(
                fields.identity("vm", VmId.of("vm"), VmId::of),
                fields.requiredLong("number"),
                fields.object("from", Serving::read),
                fields.object("to", Serving::read),
                Generation.of(fields.requiredLong("generation")),
                fields.text("reason"),
                fields.requiredInstant("detectedAt"));
        run.step = fields.requiredName("step", FailoverStep.class);
        run.stepStartedAt = fields.optionalInstant("stepStartedAt");
        run.attempts = fields.requiredNumber("attempts");
        run.heldUp = fields.flag("heldUp", false);
        run.owed = fields.optionalName("owed", FailoverStep.class);
        run.steps.addAll(fields.objects("steps", ReportDocument::readStep));
        run.fence = fields.optionalObject("fence", ReportDocument::readFence);
        run.promotion = fields.optionalObject("promotion", ReportDocument::readPromotion);
        run.endpoint =
                fields.optionalObject("endpoint", f -> new Endpoint(f.text("address"), f.requiredNumber("port")));
        run.kept = fields.flag("kept", false);
        return run;
    }
}
