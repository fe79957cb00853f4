package dev.shadow.core.internal.document;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shadow.spi.Generation;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.failover.FailoverReport;
import dev.shadow.spi.failover.FailoverReport.StepReport;
import dev.shadow.spi.failover.FailoverStep;
import dev.shadow.spi.failover.FenceReport;
import dev.shadow.spi.failover.HostHealth;
import dev.shadow.spi.forecast.ForecastAccuracy;
import dev.shadow.spi.placement.HostAssessment;
import dev.shadow.spi.placement.Selection;
import dev.shadow.spi.sync.Promotion;
import java.util.List;

/** Reports, verdicts and events as JSON. */
public final class ReportDocument {
    private ReportDocument() {}

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Returns a failover report as a JSON object. */
    public static ObjectNode write(FailoverReport report) {
        ObjectNode node = object();
        node.put("vm", report.vm().value());
        node.put("outcome", report.outcome().name());
        node.put("reason", report.reason());
        node.put("from", report.from().value());
        report.to().ifPresent(to -> node.put("to", to.value()));
        node.put("generation", report.generation().value());
        node.put("detectedAt", report.detectedAt().toString());
        node.put("endedAt", report.endedAt().toString());
        node.put("rto", report.rto().toString());
        ArrayNode steps = node.putArray("steps");
        report.steps().forEach(step -> steps.add(write(step)));
        report.fence().ifPresent(fence -> node.set("fence", write(fence)));
        report.promotion().ifPresent(promotion -> node.set("promotion", write(promotion)));
        node.put("everyAcknowledgedWriteKept", report.everyAcknowledgedWriteKept());
        return node;
    }

    static ObjectNode write(StepReport step) {
        ObjectNode node = object();
        node.put("step", step.step().name());
        node.put("startedAt", step.startedAt().toString());
        node.put("duration", step.duration().toString());
        node.put("attempts", step.attempts());
        node.put("detail", step.detail());
        return node;
    }

    static StepReport readStep(Fields fields) {
        return new StepReport(
                fields.requiredName("step", FailoverStep.class),
                fields.requiredInstant("startedAt"),
                fields.requiredDuration("duration"),
                Math.max(1, fields.requiredNumber("attempts")),
                fields.text("detail"));
    }

    static ObjectNode write(FenceReport fence) {
        ObjectNode node = object();
        node.put("outcome", fence.outcome().name());
        node.put("confirmedBy", fence.confirmedBy());
        node.put("evidence", fence.evidence());
        node.put("at", fence.at().toString());
        return node;
    }

    static FenceReport readFence(Fields fields) {
        return new FenceReport(
                fields.requiredName("outcome", FenceReport.Outcome.class),
                fields.text("confirmedBy"),
                fields.text("evidence"),
                fields.requiredInstant("at"));
    }

    static ObjectNode write(Promotion promotion) {
        ObjectNode node = object();
        node.put("generation", promotion.generation().value());
        node.put("epoch", promotion.epoch());
        node.put("frozenAt", promotion.frozenAt().toString());
        node.put("discardedBytes", promotion.discardedBytes());
        return node;
    }

    static Promotion readPromotion(Fields fields) {
        return new Promotion(
                Generation.of(fields.requiredLong("generation")),
                fields.requiredLong("epoch"),
                fields.requiredInstant("frozenAt"),
                fields.requiredLong("discardedBytes"));
    }

    /** Returns a verdict as a JSON object. */
    public static ObjectNode write(HostHealth health) {
        ObjectNode node = object();
        node.put("host", health.host().value());
        node.put("verdict", health.verdict().name());
        node.put("since", health.since().toString());
        ArrayNode reasons = node.putArray("reasons");
        health.reasons().forEach(reasons::add);
        return node;
    }

    private static ObjectNode write(Selection selection) {
        ObjectNode node = object();
        ArrayNode choices = node.putArray("choices");
        for (Selection.Choice choice : selection.choices()) {
            ObjectNode entry = choices.addObject();
            entry.put("order", choice.order());
            entry.put("host", choice.host().value());
            entry.put("tier", choice.tier().name());
        }
        ArrayNode assessments = node.putArray("assessments");
        for (List<HostAssessment> ofOneShadow : selection.assessments()) {
            ArrayNode list = assessments.addArray();
            ofOneShadow.forEach(assessment -> list.add(write(assessment)));
        }
        return node;
    }

    private static ObjectNode write(ForecastAccuracy accuracy) {
        ObjectNode node = object();
        node.put("origins", accuracy.origins());
        node.put("outcomes", accuracy.outcomes());
        node.put("level", accuracy.level());
        node.put("below", accuracy.below());
        node.put("notAbove", accuracy.notAbove());
        node.put("pinball", accuracy.pinball());
        node.put("baselinePinball", accuracy.baselinePinball());
        return node;
    }

    private static ObjectNode write(HostAssessment assessment) {
        ObjectNode node = object();
        node.put("host", assessment.host().value());
        node.put("total", assessment.total());
        ObjectNode scores = node.putObject("scores");
        assessment.scores().forEach(scores::put);
        ArrayNode rejections = node.putArray("rejections");
        assessment.rejections().forEach(rejection -> {
            ObjectNode entry = rejections.addObject();
            entry.put("constraint", rejection.constraint().name());
            entry.put("explanation", rejection.explanation());
        });
        return node;
    }

    /** Returns an event as a JSON object whose field {@code event} names its type. */
    public static ObjectNode write(ShadowEvent event) {
        ObjectNode node = object();
        node.put("event", event.getClass().getSimpleName());
        node.put("at", event.at().toString());
        if (event instanceof ShadowEvent.OfVm ofVm) {
            node.put("vm", ofVm.vm().value());
        }
        if (event instanceof ShadowEvent.ProfileApplied e) {
            node.set("profile", ProfileDocument.write(e.profile()));
        } else if (event instanceof ShadowEvent.TriggerFired e) {
            node.set("trigger", ProfileDocument.write(e.trigger()));
            node.put("observed", e.observed());
            e.leadTime().ifPresent(lead -> node.put("leadTime", lead.toString()));
            node.put("evidence", e.evidence());
        } else if (event instanceof ShadowEvent.TriggerWithheld e) {
            node.set("trigger", ProfileDocument.write(e.trigger()));
            node.put("observed", e.observed());
            node.put("leadTime", e.leadTime().toString());
            e.accuracy().ifPresent(accuracy -> node.set("accuracy", write(accuracy)));
            node.put("reason", e.reason());
        } else if (event instanceof ShadowEvent.TriggerReleased e) {
            node.set("trigger", ProfileDocument.write(e.trigger()));
            node.put("evidence", e.evidence());
        } else if (event instanceof ShadowEvent.HostsSelected e) {
            node.set("selection", write(e.selection()));
        } else if (event instanceof ShadowEvent.ReplicaChanged e) {
            node.set("replica", ReplicaDocument.write(e.replica()));
            e.before().ifPresent(before -> node.put("before", before.name()));
        } else if (event instanceof ShadowEvent.SyncProgressed e) {
            node.set("replica", ReplicaDocument.write(e.replica()));
            node.put("before", e.before().name());
        } else if (event instanceof ShadowEvent.Unprotected e) {
            node.put("wanted", e.wanted());
            node.put("ready", e.ready());
            node.put("reason", e.reason());
        } else if (event instanceof ShadowEvent.Protected e) {
            node.put("ready", e.ready());
        } else if (event instanceof ShadowEvent.HostVerdictChanged e) {
            node.set("health", write(e.health()));
        } else if (event instanceof ShadowEvent.FailoverStarted e) {
            node.put("from", e.from().value());
            node.put("to", e.to().value());
            node.put("reason", e.reason());
        } else if (event instanceof ShadowEvent.FailoverStepTaken e) {
            node.set("step", write(e.step()));
        } else if (event instanceof ShadowEvent.FailoverEnded e) {
            node.set("report", write(e.report()));
        } else if (event instanceof ShadowEvent.ProblemReported e) {
            node.put("problem", e.problem());
        }
        return node;
    }
}
