package dev.shadow.core.function;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.IdempotencyKey;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.VmId;
import dev.shadow.spi.function.FunctionException;
import dev.shadow.spi.function.FunctionRunner;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Runs functions of this process by name, on the calling thread, each key once at a time. The answers of the
 * latest {@value #REMEMBERED} keys are remembered, so that a repeated call does not run the function again;
 * a function must keep to the time-out itself. Thread-safe if the functions are.
 */
public final class LocalFunctionRunner implements FunctionRunner {
    private static final int REMEMBERED = 1024;

    private final Map<String, LocalFunction> functions;
    private final Object lock = new Object();
    private final LinkedHashMap<IdempotencyKey, Run> runs = new LinkedHashMap<>();

    private LocalFunctionRunner(Map<String, LocalFunction> functions) {
        this.functions = new TreeMap<>(functions);
    }

    /** Returns a builder without functions. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Map<String, String> run(String function, VmId vm, Map<String, String> input, CallContext context)
            throws FunctionException {
        LocalFunction found = functions.get(function);
        if (found == null) {
            throw new FunctionException(
                    Retry.PERMANENT, "there is no function " + function + ": registered are " + functions.keySet());
        }
        return runOf(context.key()).answer(found, function, vm, Map.copyOf(input), context);
    }

    private Run runOf(IdempotencyKey key) {
        synchronized (lock) {
            Run run = runs.computeIfAbsent(key, k -> new Run());
            if (runs.size() > REMEMBERED) {
                runs.remove(runs.keySet().iterator().next());
            }
            return run;
        }
    }

    /** One key's run: the first caller runs the function, the others wait and get its answer. */
    private static final class Run {
        private Map<String, String> answer = Map.of();
        private boolean done;

        synchronized Map<String, String> answer(
                LocalFunction found, String name, VmId vm, Map<String, String> input, CallContext context)
                throws FunctionException {
            if (!done) {
                try {
                    answer = Map.copyOf(found.run(vm, input, context));
                } catch (RuntimeException e) {
                    throw new FunctionException(Retry.PERMANENT, "function " + name + " failed: " + e, e);
                }
                done = true;
            }
            return answer;
        }
    }

    /** A function of this process. */
    @FunctionalInterface
    public interface LocalFunction {
        /**
         * Runs to its end within the context's time-out.
         *
         * @return what it answers, by name; may be empty
         * @throws FunctionException if it refused, or may succeed later
         */
        Map<String, String> run(VmId vm, Map<String, String> input, CallContext context) throws FunctionException;
    }

    /** Builds a runner; not to be shared between threads. */
    public static final class Builder {
        private final Map<String, LocalFunction> functions = new TreeMap<>();

        private Builder() {}

        /**
         * Registers a function.
         *
         * @throws InvalidValueException if there is one of this name already
         */
        public Builder function(String name, LocalFunction function) {
            if (functions.putIfAbsent(
                            Objects.requireNonNull(name, "name"), Objects.requireNonNull(function, "function"))
                    != null) {
                throw new InvalidValueException("name", name, "not be registered twice");
            }
            return this;
        }

        /** Builds the runner. */
        public LocalFunctionRunner build() {
            return new LocalFunctionRunner(functions);
        }
    }
}
