# All of WiredTiger's 250 files include this header first, and reading it takes longer than compiling what follows.
cmake_language(DEFER CALL target_precompile_headers wt_objs PRIVATE <wt_internal.h>)
