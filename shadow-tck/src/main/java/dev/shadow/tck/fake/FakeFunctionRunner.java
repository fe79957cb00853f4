package dev.shadow.tck.fake;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.IdempotencyKey;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.VmId;
import dev.shadow.spi.function.FunctionException;
import dev.shadow.spi.function.FunctionRunner;
import dev.shadow.tck.time.VirtualTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs functions that a test defines, once for each key. Thread-safe. */
public final class FakeFunctionRunner implements FunctionRunner {
    /** The calls that faults can be injected into. */
    public enum Call {
        /** {@link FunctionRunner#run}. */
        RUN
    }

    /** A function of the platform. */
    @FunctionalInterface
    public interface Function {
        /** Answers; throws if it refuses. */
        Map<String, String> run(VmId vm, Map<String, String> input) throws FunctionException;
    }

    /**
     * A run that took place.
     *
     * @param function name of the function
     * @param vm the virtual machine that it ran for
     * @param input what it was told
     */
    public record Run(String function, VmId vm, Map<String, String> input) {
        /** Copies the input. */
        public Run {
            input = Map.copyOf(input);
        }
    }

    private final Object lock = new Object();
    private final Faults<Call> faults;
    private final Map<String, Function> functions = new HashMap<>();
    private final Map<IdempotencyKey, Map<String, String>> answers = new HashMap<>();
    private final List<Run> runs = new ArrayList<>();

    private FakeFunctionRunner(VirtualTime time) {
        this.faults = new Faults<>(Call.class, time);
    }

    /** Returns a runner without functions. */
    public static FakeFunctionRunner on(VirtualTime time) {
        return new FakeFunctionRunner(time);
    }

    /** The faults that this runner is to show. */
    public Faults<Call> faults() {
        return faults;
    }

    /** Defines a function. */
    public void define(String name, Function function) {
        synchronized (lock) {
            functions.put(name, function);
        }
    }

    /** Every run that took place, in order. */
    public List<Run> runs() {
        synchronized (lock) {
            return List.copyOf(runs);
        }
    }

    @Override
    public Map<String, String> run(String function, VmId vm, Map<String, String> input, CallContext context)
            throws FunctionException {
        return faults.in(Call.RUN, context.timeout(), FunctionException::new, () -> {
            synchronized (lock) {
                Map<String, String> known = answers.get(context.key());
                if (known != null) {
                    return known;
                }
                Function found = functions.get(function);
                if (found == null) {
                    throw new FunctionException(
                            Retry.PERMANENT, "function " + function + " is unknown: known are " + functions.keySet());
                }
                Map<String, String> answer = Map.copyOf(found.run(vm, Map.copyOf(input)));
                runs.add(new Run(function, vm, input));
                answers.put(context.key(), answer);
                return answer;
            }
        });
    }
}
