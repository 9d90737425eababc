"""Files and forms of others' standards, pure: HTCDS sheets, the HMIS export, templates of funders' counts."""
