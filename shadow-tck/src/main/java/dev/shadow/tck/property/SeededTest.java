package dev.shadow.tck.property;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that is run many times, each time with another seed.
 *
 * <pre>{@code
 * @SeededTest(runs = 200)
 * void decodesWhatItEncoded(RandomGenerator random) {
 *     Frame frame = Frames.any(random);
 *     assertThat(Frame.decode(frame.encode())).isEqualTo(frame);
 * }
 * }</pre>
 *
 * <p>The test takes its seed as a {@code long}, or a {@link java.util.random.RandomGenerator} (or
 * {@link java.util.SplittableRandom}) started from it, or both, and draws all its randomness from there. The generator
 * is one per run: the methods around the test that ask for it share it with the test.
 *
 * <p>The seeds follow from the names of the test class and the method, so every build tries the same ones. A run's
 * display name carries its seed, and a run that fails says in a suppressed exception beside the failure how to repeat
 * it alone. Two JUnit configuration parameters, which may be given as system properties, change what is run:
 *
 * <ul>
 *   <li>{@code -Dshadow.seed=42} makes one run of each seeded test, with exactly that seed;
 *   <li>{@code -Dshadow.runs=10000} makes at least so many runs of each; the usual seeds come first.
 * </ul>
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SeededRuns.class)
public @interface SeededTest {
    /** How many seeds to try, unless {@code shadow.runs} asks for more. */
    int runs() default 100;
}
