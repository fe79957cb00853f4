package dev.shadow.forecast.lstm;

import java.lang.reflect.Constructor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the kernel once, at start: the one made of {@code jdk.incubator.vector} where that module was added to the
 * command line ({@code --add-modules jdk.incubator.vector}) and runs, else the plain one.
 */
final class Kernels {
    private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final String VECTOR_KERNEL = "dev.shadow.forecast.lstm.VectorKernel";
    private static final Supplier<Kernel> CHOSEN = choose();

    private Kernels() {}

    /** A new kernel of the chosen kind. */
    static Kernel best() {
        return CHOSEN.get();
    }

    private static Supplier<Kernel> choose() {
        if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
            return PlainKernel::new;
        }
        try {
            Constructor<?> constructor = Class.forName(VECTOR_KERNEL).getDeclaredConstructor();
            Kernel probe = (Kernel) constructor.newInstance();
            probe.multiply(new float[64], new float[64], new float[64], 8, 8, 8);
            LOG.info("LSTM kernel: {}", probe.name());
            return () -> create(constructor);
        } catch (ReflectiveOperationException | LinkageError e) {
            LOG.warn("LSTM kernel: plain, since that of {} does not run here: {}", VECTOR_MODULE, e.toString());
            return PlainKernel::new;
        }
    }

    private static Kernel create(Constructor<?> constructor) {
        try {
            return (Kernel) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the kernel that was chosen at start cannot be made", e);
        }
    }
}
