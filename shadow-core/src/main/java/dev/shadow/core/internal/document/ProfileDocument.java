package dev.shadow.core.internal.document;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.Tier;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.FailoverStep;
import dev.shadow.spi.profile.Direction;
import dev.shadow.spi.profile.FailoverStart;
import dev.shadow.spi.profile.FenceRequirement;
import dev.shadow.spi.profile.ForecastUse;
import dev.shadow.spi.profile.OldPrimary;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.profile.StepHook;
import dev.shadow.spi.profile.Trigger;
import dev.shadow.spi.profile.TriggerSignal;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncMode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** A placement profile as JSON. Fields that are left out take the defaults of the profile's builder. */
public final class ProfileDocument {
    private static final VmId PLACEHOLDER = VmId.of("vm");
    private static final PlacementProfile DEFAULTS =
            PlacementProfile.builder(PLACEHOLDER).build();
    private static final double DEFAULT_HYSTERESIS = 5;

    private ProfileDocument() {}

    /** Returns the profile as a JSON object with every field. */
    public static ObjectNode write(PlacementProfile profile) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("vm", profile.vm().value());
        node.put("shadowCount", profile.shadowCount());
        ArrayNode tiers = node.putArray("tiers");
        profile.tiers().forEach(tier -> tiers.add(tier.name()));
        node.put("priority", profile.priority());
        ArrayNode triggers = node.putArray("triggers");
        profile.triggers().forEach(trigger -> triggers.add(write(trigger)));
        node.put("syncMethod", profile.syncMethod().name());
        node.put("syncMode", profile.syncMode().name());
        node.put("onLinkLoss", profile.onLinkLoss().name());
        node.put("rpo", profile.rpo().toString());
        node.put("rto", profile.rto().toString());
        node.put("latencyBudget", profile.latencyBudget().toString());
        node.put("failoverStart", profile.failoverStart().name());
        node.put("fence", profile.fence().name());
        node.put("oldPrimary", profile.oldPrimary().name());
        ArrayNode hooks = node.putArray("hooks");
        for (StepHook hook : profile.hooks()) {
            ObjectNode entry = hooks.addObject();
            entry.put("when", hook.when().name());
            entry.put("step", hook.step().name());
            entry.put("function", hook.function());
        }
        return node;
    }

    /** Returns a trigger as a JSON object. */
    public static ObjectNode write(Trigger trigger) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("type", trigger instanceof Trigger.Threshold ? "threshold" : "predictive");
        node.put("signal", trigger.signal().name());
        node.put("thresholdPercent", trigger.thresholdPercent());
        node.put("direction", trigger.direction().name());
        if (trigger instanceof Trigger.Threshold threshold) {
            node.put("holdTime", threshold.holdTime().toString());
        } else if (trigger instanceof Trigger.Predictive predictive) {
            node.put("probability", predictive.probability());
            node.put("leadTimeFloor", predictive.leadTimeFloor().toString());
            node.put("use", predictive.use().name());
        }
        node.put("hysteresisPercent", trigger.hysteresisPercent());
        node.put("coolDown", trigger.coolDown().toString());
        return node;
    }

    static PlacementProfile read(Fields fields) {
        VmId vm = fields.identity("vm", PLACEHOLDER, VmId::of);
        PlacementProfile.Builder builder = PlacementProfile.builder(vm);
        readShadows(fields, builder);
        builder.priority(
                probed(fields, "priority", fields.number("priority", DEFAULTS.priority(), 0, 1000), b -> b::priority));
        builder.triggers(fields.objects("triggers", ProfileDocument::readTrigger));
        builder.syncMethod(fields.name("syncMethod", SyncMethod.class, DEFAULTS.syncMethod()));
        readMode(fields, builder);
        builder.rto(probed(fields, "rto", fields.duration("rto", DEFAULTS.rto()), b -> b::rto));
        builder.latencyBudget(probed(
                fields,
                "latencyBudget",
                fields.duration("latencyBudget", DEFAULTS.latencyBudget()),
                b -> b::latencyBudget));
        builder.failoverStart(fields.name("failoverStart", FailoverStart.class, DEFAULTS.failoverStart()));
        builder.fence(fields.name("fence", FenceRequirement.class, DEFAULTS.fence()));
        builder.oldPrimary(fields.name("oldPrimary", OldPrimary.class, DEFAULTS.oldPrimary()));
        builder.hooks(fields.objects("hooks", ProfileDocument::readHook));
        fields.refuseOthers();
        try {
            return builder.build();
        } catch (InvalidValueException refused) {
            fields.refuse(refused);
            return DEFAULTS;
        }
    }

    private static void readShadows(Fields fields, PlacementProfile.Builder builder) {
        boolean counted = fields.has("shadowCount");
        int count = fields.number("shadowCount", DEFAULTS.shadowCount(), 0, PlacementProfile.MAX_SHADOWS);
        boolean inRange = count >= 0 && count <= PlacementProfile.MAX_SHADOWS;
        if (!inRange) {
            fields.refuse("shadowCount", Integer.toString(count), "be from 0 to " + PlacementProfile.MAX_SHADOWS);
        }
        List<Tier> tiers = fields.names("tiers", Tier.class);
        if (!fields.has("tiers")) {
            builder.shadows(inRange ? count : 1, Tier.HOST);
        } else if (tiers.size() > PlacementProfile.MAX_SHADOWS) {
            fields.refuse(
                    "tiers", tiers.size() + " entries", "have at most " + PlacementProfile.MAX_SHADOWS + " entries");
        } else if (counted && tiers.size() != count && !fields.isRefused("shadowCount") && !fields.isRefused("tiers")) {
            fields.refuse("tiers", tiers.toString(), "have one entry for each of the " + count + " shadows");
        } else {
            builder.shadows(tiers);
        }
    }

    private static void readMode(Fields fields, PlacementProfile.Builder builder) {
        SyncMode mode = fields.name("syncMode", SyncMode.class, DEFAULTS.syncMode());
        LinkLossPolicy policy = fields.name("onLinkLoss", LinkLossPolicy.class, DEFAULTS.onLinkLoss());
        Duration otherwise = mode == SyncMode.SYNCHRONOUS ? Duration.ZERO : DEFAULTS.rpo();
        Duration rpo = fields.duration("rpo", otherwise);
        builder.synchronous(policy);
        if (mode == SyncMode.ASYNCHRONOUS) {
            builder.asynchronous(fields.checked(
                    "rpo",
                    rpo,
                    otherwise,
                    v -> PlacementProfile.builder(PLACEHOLDER).asynchronous(v).build()));
        } else if (!rpo.isZero()) {
            fields.refuse("rpo", rpo.toString(), "be zero in synchronous mode, which loses nothing");
        }
    }

    /** Asks a builder that is otherwise in order what it thinks of one value. */
    private static <T> T probed(
            Fields fields,
            String name,
            T value,
            Function<PlacementProfile.Builder, Function<T, PlacementProfile.Builder>> setter) {
        PlacementProfile.Builder builder = PlacementProfile.builder(PLACEHOLDER);
        try {
            setter.apply(builder).apply(value).build();
        } catch (InvalidValueException refused) {
            fields.refuse(name, refused.value(), refused.allowed());
        }
        return value;
    }

    static Trigger readTrigger(Fields fields) {
        String type = fields.word("type", List.of("threshold", "predictive"));
        boolean predictive = type.equals("predictive");
        TriggerSignal signal = fields.requiredName("signal", TriggerSignal.class);
        double threshold = fields.requiredDecimal("thresholdPercent");
        Direction direction = fields.name("direction", Direction.class, Direction.ABOVE);
        double hysteresis = fields.decimal("hysteresisPercent", DEFAULT_HYSTERESIS);
        Duration coolDown = fields.duration("coolDown", Duration.ZERO);
        Duration holdTime = predictive ? Duration.ZERO : fields.duration("holdTime", Duration.ZERO);
        double probability = predictive ? fields.requiredDecimal("probability") : 0.5;
        Duration floor = predictive ? fields.duration("leadTimeFloor", Duration.ZERO) : Duration.ZERO;
        ForecastUse use = predictive ? fields.name("use", ForecastUse.class, ForecastUse.ACT) : ForecastUse.ACT;
        if (predictive || type.equals("threshold")) {
            fields.refuseOthers();
        }
        fields.checked("thresholdPercent", threshold, 0.0, v -> threshold(v, Duration.ZERO, 0, Duration.ZERO));
        fields.checked("hysteresisPercent", hysteresis, 0.0, v -> threshold(0, Duration.ZERO, v, Duration.ZERO));
        fields.checked("coolDown", coolDown, Duration.ZERO, v -> threshold(0, Duration.ZERO, 0, v));
        fields.checked("holdTime", holdTime, Duration.ZERO, v -> threshold(0, v, 0, Duration.ZERO));
        if (predictive) {
            fields.checked("probability", probability, 0.5, v -> predictive(v, Duration.ZERO));
            fields.checked("leadTimeFloor", floor, Duration.ZERO, v -> predictive(0.5, v));
        }
        if (!fields.isSound()) {
            return threshold(0, Duration.ZERO, 0, Duration.ZERO);
        }
        return predictive
                ? new Trigger.Predictive(signal, threshold, direction, probability, floor, hysteresis, coolDown, use)
                : new Trigger.Threshold(signal, threshold, direction, holdTime, hysteresis, coolDown);
    }

    private static Trigger threshold(double percent, Duration hold, double hysteresis, Duration coolDown) {
        return new Trigger.Threshold(TriggerSignal.CPU, percent, Direction.ABOVE, hold, hysteresis, coolDown);
    }

    private static Trigger predictive(double probability, Duration floor) {
        return new Trigger.Predictive(TriggerSignal.CPU, 0, Direction.ABOVE, probability, floor, 0, Duration.ZERO);
    }

    private static StepHook readHook(Fields fields) {
        StepHook.When when = fields.requiredName("when", StepHook.When.class);
        FailoverStep step = fields.requiredName("step", FailoverStep.class);
        StepHook otherwise = new StepHook(when, step, "function");
        StepHook hook = fields.identity("function", otherwise, name -> new StepHook(when, step, name));
        fields.refuseOthers();
        return Objects.requireNonNull(hook);
    }
}
